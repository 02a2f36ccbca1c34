"""Grammars for Earley and LALR with a transformer, imports of common terminals, and errors with places."""

from lark import Lark, Transformer, UnexpectedInput, v_args
from lark.reconstruct import Reconstructor

JSON = r"""
?value: dict | list | ESCAPED_STRING -> string | SIGNED_NUMBER -> number | "true" -> true | "null" -> null
list : "[" [value ("," value)*] "]"
dict : "{" [pair ("," pair)*] "}"
pair : ESCAPED_STRING ":" value
%import common.ESCAPED_STRING
%import common.SIGNED_NUMBER
%import common.WS
%ignore WS
"""


@v_args(inline=True)
class ToPython(Transformer):
    string = lambda self, text: text[1:-1]
    number = lambda self, text: float(text)
    true = lambda self: True
    null = lambda self: None
    pair = lambda self, key, value: (key[1:-1], value)

    @v_args(inline=False)
    def list(self, items):
        return items

    @v_args(inline=False)
    def dict(self, items):
        return dict(items)


text = '{"a": [1, 2.5, null], "b": {"c": "d"}, "e": true}'
for parser in ["lalr", "earley"]:
    tree = Lark(JSON, start="value", parser=parser).parse(text)
    print(parser, ToPython().transform(tree))
print(tree.pretty()[:120], [token.type for token in tree.scan_values(lambda v: True)][:4])
calc = Lark('?sum: product | sum "+" product -> add | sum "-" product -> sub\n?product: atom | product "*" atom -> mul\n?atom: NUMBER -> number | "(" sum ")"\n%import common.NUMBER\n%ignore " "', start="sum", parser="lalr", propagate_positions=True)
print(calc.parse("1 + 2 * (3 - 4)"), calc.parse("1+2").meta.end_column)
for bad in ["[1, 2", '{"a" 1}', "?"]:
    try:
        Lark(JSON, start="value", parser="lalr").parse(bad)
    except UnexpectedInput as error:
        print(type(error).__name__, error.line, error.column, error.get_context(bad).splitlines()[0])
python = Lark.open_from_package("lark", "python.lark", ["grammars"], parser="lalr", start="file_input", postlex=__import__("lark.indenter", fromlist=["PythonIndenter"]).PythonIndenter(), maybe_placeholders=False)
print(python.parse("def f(x):\n    return x + 1\n").pretty().splitlines()[:4])
