"""Brackets may be nested as deeply as CPython's tokenizer allows: 200 of them."""
import ast


class Things(dict):
    def __getitem__(self, key):
        return key

    def __missing__(self, key):
        return key


NAMES = {"f": lambda value: value, "a": Things()}
SHAPES = {
    "groups": ("(", ")"), "lists": ("[", "]"), "sets": ("{(", ")}"), "dictionaries": ("{1: ", "}"), "values": ("[0, ", "]"),
    "calls": ("f(", ")"), "keywords": ("dict(a=", ")"), "subscripts": ("a[", "]"), "sums": ("(1 + ", ")"),
    "stars": ("[*[", "]]"), "lambdas": ("(lambda: ", ")"), "comprehensions": ("[x for x in [", "]]"),
    "conditions": ("(0 if 0 else ", ")"), "assignments": ("(x := ", ")"), "strings": ("f(f'{", "}')"),
    "negations": ("(not ", ")"), "chains": ("(1).real + f(", ")"), "tuples": ("(0, ", ",)"),
}
for shape, (opening, closing) in SHAPES.items():
    brackets = sum(opening.count(one) for one in "([{")
    for depth in (10, 40, 66, 90, 140, 190):
        count = min(depth // brackets, 18 if shape in ("comprehensions", "strings") else depth)
        text = opening * count + "1" + closing * count
        tree = ast.parse(text, mode="eval")
        print(shape, depth, sum(1 for _ in ast.walk(tree)), end=" ")
        try:
            value = eval(compile(tree, "text", "eval"), dict(NAMES))
            print(repr(value)[:60] if not callable(value) else "callable")
        except TypeError as error:
            print(type(error).__name__)
for text in ("(" * 201 + ")" * 201, "(" * 150 + "1 2" + ")" * 150, "[" * 120 + "1, )" + "]" * 119, "f(" * 100, "(" * 90 + "1" + ")" * 91,
             "[" * 90 + "x = 1" + "]" * 90):
    try:
        compile(text, "text", "eval")
        print("fine")
    except SyntaxError as error:
        print(error.msg)
source = "def outer():\n" + "".join("    " * level + "if f(" + "(" * 60 + "1" + ")" * 61 + ":\n" for level in range(1, 12)) + "    " * 12 + "return 7\n"
exec(source, NAMES)
print(NAMES["outer"]())
