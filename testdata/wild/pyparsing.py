"""A calculator, a small language with results by name, errors with places, and a diagram's expressions."""

import operator

import pyparsing as pp

number = pp.common.number
variable = pp.Word(pp.alphas, pp.alphanums + "_")
OPS = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "^": pow}
names = {"x": 3}


def binary(tokens):
    values = tokens[0].as_list()
    result = values[0]
    for op, value in zip(values[1::2], values[2::2]):
        result = OPS[op](result, value)
    return result


operand = number | variable.copy().set_parse_action(lambda t: names[t[0]])
expression = pp.infix_notation(operand, [("^", 2, pp.OpAssoc.RIGHT, binary), (pp.one_of("* /"), 2, pp.OpAssoc.LEFT, binary), (pp.one_of("+ -"), 2, pp.OpAssoc.LEFT, binary)])
for text in ["1 + 2 * 3", "(1+2)*3 - x", "2^3^1 / 4"]:
    print(text, "=", expression.parse_string(text, parse_all=True)[0])
pair = pp.Group(variable("key") + pp.Suppress("=") + (pp.QuotedString('"') | number)("value"))
config = pp.Suppress("{") + pp.ZeroOrMore(pair + pp.Opt(pp.Suppress(";"))) + pp.Suppress("}")
config.ignore(pp.python_style_comment)
parsed = config.parse_string('{ a = 1; b = "two" # c\n }')
print([(item.key, item["value"]) for item in parsed], parsed.dump())
for bad in ["1 +", "{ a = }"]:
    try:
        (expression if bad[0] == "1" else config).parse_string(bad, parse_all=True)
    except pp.ParseException as error:
        print(error, "|", error.column, error.explain(depth=0).splitlines()[-1])
print(list(pp.Word(pp.nums).scan_string("a 12 b 345")), pp.nested_expr().parse_string("(a (b c) d)").as_list())
print(pp.common.ipv4_address.parse_string("10.0.0.1"), pp.DelimitedList(pp.Word(pp.alphas)).parse_string("a, b,c").as_list(), expression.name)
