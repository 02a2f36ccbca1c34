"""ctypes without a library: types, structures, buffers, pointers, callbacks."""
from ctypes import *
import ctypes

print(sizeof(c_int), sizeof(c_short), sizeof(c_double), sizeof(c_longlong), sizeof(c_char), sizeof(c_wchar), alignment(c_double))


class Point(Structure):
    _fields_ = [("x", c_int), ("y", c_double), ("name", c_char * 3)]


class Bits(Structure):
    _fields_ = [("low", c_uint, 3), ("high", c_uint, 5)]


class Either(Union):
    _fields_ = [("number", c_uint32), ("bytes", c_ubyte * 4)]


class Packed(BigEndianStructure):
    _pack_ = 1
    _fields_ = [("a", c_uint8), ("b", c_uint16), ("c", c_uint32)]


point = Point(1, 2.5, b"ab")
print(sizeof(Point), Point.y.offset, point.x, point.y, point.name, bytes(point)[:4])
bits = Bits(5, 17)
print(bits.low, bits.high, sizeof(Bits), bytes(Either(0x01020304).bytes), bytes(Packed(1, 2, 3)))
print(Packed.from_buffer_copy(b"\x01\x00\x02\x00\x00\x00\x03").c, bytes(Point.from_buffer(bytearray(24)))[:2])
buffer = create_string_buffer(b"hello", 10)
print(buffer.raw, buffer.value, string_at(buffer), string_at(addressof(buffer), 3), wstring_at(create_unicode_buffer("xyz")))
memmove(buffer, b"HE", 2)
memset(byref(buffer, 4), ord("!"), 1)
print(buffer.value)
pointer_to = cast(buffer, POINTER(c_ubyte))
print(pointer_to[0], pointer_to[:3], cast(pointer_to, c_char_p).value)
number = c_int(5)
link = pointer(number)
link.contents.value = 7
print(number.value, link[0], bool(POINTER(c_int)()), c_uint8(300).value, c_bool(3).value, c_int.from_address(addressof(number)).value)
array = (c_int * 4)(1, 2, 3)
print(array[:], len(array), list(array), sum(array), array._length_)


@CFUNCTYPE(c_int, c_int, c_double)
def callback(a, b):
    return int(a + b)


print(callback(3, 4.5))
for wrong in (
    lambda: CDLL("libdoesnotexist.so.9"), lambda: c_int("x"), lambda: (c_int * 2)(1, 2, 3), lambda: array[9],
    lambda: POINTER(c_int)().contents, lambda: Point(z=1).q, lambda: CDLL(None).no_such_function_anywhere,
):
    try:
        print(wrong())
    except Exception as error:
        print(type(error).__name__)
print(ctypes.get_errno(), set_errno(3), ctypes.get_errno(), pythonapi is not None, py_object([1]).value)


class Node(Structure):
    pass


Node._fields_ = [("value", c_int), ("next", POINTER(Node))]
second = Node(2, None)
first = Node(1, pointer(second))
print(first.next.contents.value, bool(second.next))
