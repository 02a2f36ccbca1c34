"""Cleans HTML by lists of tags, attributes, styles and protocols, and links URLs."""

import bleach
from bleach.linkifier import Linker, LinkifyFilter
from bleach.sanitizer import ALLOWED_TAGS, Cleaner

print(bleach.clean("an <script>evil()</script> <b>example</b> <a href='javascript:x' title='t'>l</a> &lt;"))
print(bleach.clean("<p class='x' id='y'>a<img src='http://h/i.png' onerror='z'></p>", tags={"p", "img"}, attributes={"p": ["class"], "img": lambda tag, name, value: name == "src"}))
print(bleach.clean("<div><i>x</i><unknown>y</unknown><!-- c --></div>", tags={"i"}, strip=True, strip_comments=True))
print(bleach.linkify("see example.org and http://a.com/?b=1&c=2, mail me@x.org <pre>b.com</pre>", parse_email=True, skip_tags={"pre"}))


def mark(attributes, new=False):
    attributes[(None, "class")] = "new" if new else "old"
    return None if "bad" in attributes.get((None, "href"), "") else attributes


print(Linker(callbacks=[mark]).linkify("good.org bad.org <a href='http://c.org'>c</a>"))
cleaner = Cleaner(tags={"a", "p"}, attributes={"a": ["href"]}, protocols=["https"], filters=[LinkifyFilter])
print(cleaner.clean("<p>x.org <a href='http://y.org'>y</a> <a href='https://z.org'>z</a></p>"), sorted(ALLOWED_TAGS)[:4])
print(bleach.clean("<b><i>unclosed & <a href='x>'"), bleach.clean("\x00\x07ab"), bleach.clean("a &amp; b &nbsp; &foo; &#39;"))
try:
    bleach.clean(b"bytes")
except TypeError as error:
    print(error)
