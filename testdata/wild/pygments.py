"""Lexes and formats sources of several languages found by name, file and content, with styles and a filter."""

from pygments import highlight, lex
from pygments.filters import KeywordCaseFilter
from pygments.formatters import HtmlFormatter, NullFormatter, Terminal256Formatter, get_formatter_by_name
from pygments.lexers import get_all_lexers, get_lexer_by_name, get_lexer_for_filename, guess_lexer
from pygments.styles import get_all_styles, get_style_by_name

SOURCES = {"python": "def f(x: int) -> str:\n    return f'{x!r}'\n", "rust": "fn main() { let x = 1u8; }\n", "json": '{"a": [1, null]}\n', "html": "<p class='x'>a<script>var y = 1;</script></p>\n", "sql": "select * from t where a = 'b'; -- c\n", "bash": "for i in $(ls); do echo \"$i\"; done\n"}
for name, source in SOURCES.items():
    tokens = list(lex(source, get_lexer_by_name(name)))
    print(name, len(tokens), tokens[:4])
    print(highlight(source, get_lexer_by_name(name), HtmlFormatter(nowrap=True)).strip())
print(highlight("x = 1\n", get_lexer_for_filename("a.py"), Terminal256Formatter(style="monokai")).encode())
print(get_lexer_for_filename("Makefile").name, guess_lexer("#!/usr/bin/perl\nprint 1;").name, get_lexer_for_filename("x.yaml").aliases)
lexer = get_lexer_by_name("sql")
lexer.add_filter(KeywordCaseFilter(case="upper"))
print(highlight("select a from b", lexer, NullFormatter()), get_formatter_by_name("latex").name)
print(HtmlFormatter(style="friendly", cssclass="c").get_style_defs(".c").splitlines()[3:6], get_style_by_name("vim").background_color)
print(len(list(get_all_lexers())) > 400, sorted(get_all_styles())[:4])
