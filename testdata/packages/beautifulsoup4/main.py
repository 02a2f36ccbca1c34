"""Scraping with Beautiful Soup and the standard library's parser."""

import re

from bs4 import BeautifulSoup, Comment, NavigableString, SoupStrainer, UnicodeDammit

PAGE = """\
<!doctype html><html><head><title>A &amp; B</title><!-- note --></head>
<body class="x y"><h1 id=top>Heading</h1>
<p>One <b>bold</b> &eacute; <a href="/a">first</a>, <a href="/b" data-n=2>second</a></p>
<ul><li>1<li>2<li class="last">3</ul><table><tr><td>c1<td>c2</table>
<p>unclosed <i>tags
</body>
"""


def main():
    soup = BeautifulSoup(PAGE, "html.parser")
    print(soup.title.string, soup.h1["id"], soup.body["class"])
    print([a.get("href") for a in soup.find_all("a")])
    print([tag.get_text(strip=True) for tag in soup.select("ul > li, td")])
    print(soup.select_one("a[data-n='2']").text, soup.select("p:has(b) > a:nth-of-type(2)"))
    print(soup.find(string=re.compile("unclosed")).strip())
    print([comment.strip() for comment in soup.find_all(string=lambda text: isinstance(text, Comment))])
    print(soup.find("b").parent.name, [s.name for s in soup.find("h1").next_siblings if s.name])
    soup.h1.string = "New <Heading>"
    soup.h1["class"] = ["a", "b"]
    tag = soup.new_tag("span", attrs={"data-x": "1"})
    tag.append(NavigableString("added"))
    soup.p.insert(0, tag)
    soup.b.decompose()
    soup.ul.wrap(soup.new_tag("div"))
    print(soup.prettify(formatter="html5"))
    print(BeautifulSoup("<a>1</a><b>2</b>", "html.parser", parse_only=SoupStrainer("b")))
    latin = "<meta charset='iso-8859-1'><p>gr\xfcn</p>".encode("latin-1")
    guessed = BeautifulSoup(latin, "html.parser")
    print(guessed.original_encoding, guessed.p.text, guessed.encode("ascii"))
    print(UnicodeDammit(b"\x93smart\x94", ["windows-1252"], smart_quotes_to="ascii").unicode_markup)
    print(BeautifulSoup("<x:y z='1'/>", "html.parser").find("x:y").attrs)
    try:
        BeautifulSoup("<a/>", "lxml")
    except Exception as error:
        print(type(error).__name__)


main()
