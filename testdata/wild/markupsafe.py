"""Escapes, formats and joins markup, and strips tags, in the fallback without its native part."""

from markupsafe import EscapeFormatter, Markup, escape, escape_silent, soft_str

user = "<script>alert('x' & \"y\")</script>"
print(escape(user), escape(None), escape_silent(None), escape(Markup("<b>safe</b>")))
print(Markup("<em>%s</em> %d %(") % ("<i>", 3) if False else Markup("<em>%s</em> %d") % ("<i>", 3))
print(Markup("<p>{0} {name!r:>10}</p>").format("<a>", name="<b>"))


class Tag:
    def __html__(self):
        return "<tag>"

    def __html_format__(self, spec):
        return Markup(f"<tag {spec}>")


print(escape(Tag()), Markup("{:x}").format(Tag()), Markup("<br>").join(["<", Tag()]))
print(Markup("a &lt; b &amp;&#39;").unescape(), Markup("<p>a <!-- c -->  b</p>").striptags())
print((Markup("x") + "<y>"), ("<y>" + Markup("x")), Markup("ab") * 2, Markup("A,b").split(","), type(Markup("a").upper()).__name__)
print(EscapeFormatter(escape).format("{}", "<"), soft_str(5), Markup("<a>")[0:2], escape(3.5), Markup("é").encode())
