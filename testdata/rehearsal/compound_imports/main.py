"""Imports that stop inside of compound statements: what stands before them runs once."""
import contextlib

log = []
try:
    log.append("try")
    import is_missing
except ImportError:
    log.append("handler")
    import stops_one
finally:
    log.append("finally")


class Manager:
    def __enter__(self):
        log.append("enter")

    def __exit__(self, *error):
        log.append("exit")


with Manager():
    log.append("inside")
    import stops_two

for number in range(3):
    log.append(number)
    import stops_three

count = 0
while count < 2:
    count += 1
    log.append(f"while {count}")
    from stops_four import value

match log.append("subject") or 5:
    case 5:
        log.append("case")
        import stops_five

if log.append("condition") is None:
    import stops_six, stops_seven
else:
    import never

try:
    try:
        log.append("inner try")
        raise KeyError
    finally:
        log.append("inner finally")
        import stops_eight
except KeyError:
    log.append("outer handler")
try:
    log.append("last try")
    import stops_last
except ZeroDivisionError as error:
    log.append(str(error))
else:
    log.append("not here")
print(log)

# A context manager may swallow what ends its body, so the program goes on.
with contextlib.ExitStack() as stack:
    stack.enter_context(contextlib.suppress(ValueError))
    raise ValueError
import colorsys

print(colorsys.rgb_to_hsv(1, 0, 0))

exec("def late():\n    import sched\n    return sched.__name__\n")
print(late(), eval("__import__('tabnanny').__name__"))
