"""Reads broken HTML and XML, finds by tag, CSS, text and function, changes the tree, and prints it."""

import re

from bs4 import BeautifulSoup, Comment, NavigableString, SoupStrainer, UnicodeDammit

HTML = """<html><head><title>Shop</title></head><body><!-- top --><div id=main class="a b"><p>One <b>two<p>Three &eacute; <a href="/x?a=1&b=2">link</a>
<ul><li data-n=1>pen<li data-n=2>ink</ul><table><tr><td>1<td>2</table></div><script>var x = "<p>";</script></body>"""
soup = BeautifulSoup(HTML, "html.parser")
print(soup.title.string, soup.a["href"], soup.find(id="main")["class"], [li.get_text(strip=True) for li in soup.select("ul > li")])
print([tag.name for tag in soup.find_all(["b", "td"])], soup.select_one("li[data-n='2']").text, soup.select("p:has(a), td:nth-of-type(2)")[0].name)
print(soup.find_all(string=re.compile("T")), soup.find(string=lambda text: isinstance(text, Comment)), [str(parent.name) for parent in soup.a.parents])
soup.a.string = "new <text>"
soup.b.wrap(soup.new_tag("em", attrs={"class": "x"}))
soup.script.decompose()
soup.ul.insert(0, NavigableString("list:"))
soup.table.replace_with(BeautifulSoup("<hr/>", "html.parser"))
print(soup.div)
print(soup.div.prettify(formatter="html")[:200], list(soup.stripped_strings))
print(BeautifulSoup(HTML, "html.parser", parse_only=SoupStrainer("a")), BeautifulSoup("<p>é", "html.parser").encode("ascii"))
print(UnicodeDammit("Sacré bleu".encode("latin-1"), ["latin-1"]).unicode_markup, BeautifulSoup(b"<meta charset='iso-8859-15'><p>\xa4", "html.parser").p.text)
print(soup.a.find_previous_sibling() is None, soup.a.next_sibling, soup.select("#main > *:not(p)")[:1], BeautifulSoup("<a/><b>x</b>", "html.parser").b.extract())
