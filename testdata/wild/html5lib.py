"""Parses HTML as browsers do, with walkers, a serializer, filters and errors."""

import html5lib
from html5lib import getTreeBuilder, getTreeWalker, serialize
from html5lib.filters import sanitizer

HTML = "<!doctype html><title>T</title><p>one<b>two<p>three</b><table><td>x<tr><svg viewbox='1'><a xlink:href='y'/></svg>&notin; &#128;<!--c-->"
tree = html5lib.parse(HTML)
print(tree.tag, [element.tag.split("}")[1] for element in tree.iter() if isinstance(element.tag, str)])
print(serialize(tree, tree="etree", omit_optional_tags=False))
print(serialize(tree, tree="etree", quote_attr_values="always", strip_whitespace=True, alphabetical_attributes=True))
document = html5lib.parse("<p class=a>é<br>", treebuilder="dom", namespaceHTMLElements=False)
print(document.documentElement.toxml(), document.getElementsByTagName("p")[0].getAttribute("class"))
parser = html5lib.HTMLParser(getTreeBuilder("etree"), strict=False)
fragment = parser.parseFragment("<td>cell</td><script>1<2</script><b onclick='x()'>b", container="tr")
print(serialize(fragment, tree="etree"), [(position, code) for position, code, _ in parser.errors])
walker = getTreeWalker("etree")(html5lib.parseFragment("<a href='javascript:x'>t</a><b style='color: red'>u</b>"))
print(serialize(html5lib.parseFragment("<i>x</i>"), sanitize=True) if False else [token["type"] for token in sanitizer.Filter(walker)])
print([token["type"] for token in getTreeWalker("dom")(document)])
try:
    html5lib.HTMLParser(strict=True).parse("<p>")
except html5lib.html5parser.ParseError as error:
    print(error)
print(html5lib.parse(b"\xff\xfe<\0p\0>\0\xe9\0").find(".//{http://www.w3.org/1999/xhtml}p").text)
