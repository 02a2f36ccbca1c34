"""Parses by format strings, with types, alignment, searches, several finds and own converters."""

import parse
from parse import compile, findall, search, with_pattern

print(parse.parse("It's {}, I love {thing}!", "It's spam, I love eggs!"), parse.parse("{:d} {:x} {:f}", "12 0xff 1.5").fixed, parse.parse("{a.b[c]} {n:n}", "x 1,000") and "dotted")
for pattern, text in [("{:w} is {:>}", "it is   right"), ("{:^} mid", "   c    mid"), ("{:ti}", "2026-02-03T04:05:06+01:00"), ("{:tg}", "20/1/1972 10:21:36 AM +1000"), ("{:th}", "21/Nov/2011:00:07:11 +0000"), ("{:te}", "Mon, 20 Jan 1972 10:21:36 +1000"), ("{:e}", "1.1e3"), ("{:b} {:o}", "0b101 0o17"), ("{:.2}{:.3}", "abcde"), ("{:2d}{:2d}", "1234"), ("{:%}", "45.5%"), ("{x} {x}", "a b"), ("{:D}", "abc"), ("{name:l}", "abc1"), ("{{{}}}", "{in}")]:
    found = parse.parse(pattern, text)
    print(pattern, found and (found.fixed, found.named))
print(search("age: {:d}\n", "name: x\nage: 42\ncolor: y")[0], "".join(r[0] for r in findall(">{}<", "<p>the <b>bold</b> text</p>")), search("{:d}", "ab 12", pos=2).spans)


@with_pattern(r"[ab]+")
def shout(text):
    return text.upper()


parser = compile("{word:shout}-{rest}", {"shout": shout})
result = parser.parse("abba-x")
print(result["word"], result.named, result.spans, parser.named_fields, parser.parse("zzz-x"), "rest" in result)
print(parse.parse("{n:Upper}", "x", {"Upper": str.upper})["n"], parse.parse("A", "a", case_sensitive=True), parse.parse("A", "a") is not None, parser._expression)
match = compile("{a:d}").parse("5", evaluate_result=False)
print(match.evaluate_result()["a"], parse.extract_format(">10.2f", []))
try:
    compile("{x:nonsense}")
except ValueError as error:
    print(error)
