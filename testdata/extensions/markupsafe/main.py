"""MarkupSafe with its speedups, from its source distribution: the first line says which `escape` it has."""

import markupsafe
from markupsafe import Markup, escape

print(type(markupsafe._escape_inner).__name__, markupsafe._escape_inner.__module__)
TEXTS = ["", "plain", "<a href=\"x\">'&'</a>", "é<ü>&", "漢字 < 仮名 & \"", "😀<😀>", "&" * 1000, Markup("<b>"), 12, None]
for text in TEXTS:
    print(repr(escape(text)))
print(Markup("<em>%s</em> {}") % "<x>")
print(Markup("<em>{}</em>").format("<x>"), Markup("&lt;&amp;").unescape())


class Html:
    """Says itself what it is as HTML."""

    def __html__(self):
        return "<i>html</i>"


print(escape(Html()))
