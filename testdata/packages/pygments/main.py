"""Highlights by lexer name, formatter name and style name."""

from pygments import highlight
from pygments.formatters import HtmlFormatter, TerminalFormatter, get_formatter_by_name
from pygments.lexers import PythonLexer, get_lexer_by_name
from pygments.util import ClassNotFound

PYTHON = '''\
@cache
def area(r: float) -> float:
    """Of a circle."""
    return 3.14 * r ** 2  # roughly
'''
SAMPLES = [
    (PythonLexer(), PYTHON),
    (get_lexer_by_name("rust"), 'fn main() { println!("{:?}", Some(1u8)); }\n'),
    (get_lexer_by_name("json"), '{"a": [1, 2.5, null, "x"]}\n'),
    (get_lexer_by_name("html"), "<p class=x>hi <script>let a = `b`;</script></p>\n"),
    (get_lexer_by_name("console"), "$ ls -l\ntotal 0\n"),
    (get_lexer_by_name("SQL"), "SELECT name FROM people WHERE age > 42;\n"),
]
for lexer, code in SAMPLES:
    print(lexer.name, lexer.aliases)
    print(highlight(code, lexer, HtmlFormatter(linenos="inline", cssclass="code")), end="")
print(highlight(PYTHON, get_lexer_by_name("py"), TerminalFormatter()), end="")
print(highlight("[a]\nb = 1\n", get_lexer_by_name("toml"), get_formatter_by_name("html", nowrap=True)), end="")
print(highlight("<b>x</b>", get_lexer_by_name("xml"), get_formatter_by_name("latex")), end="")
print(HtmlFormatter(style="monokai").get_style_defs(".m").splitlines()[-1])
try:
    get_lexer_by_name("no such language")
except ClassNotFound as error:
    print(error)
