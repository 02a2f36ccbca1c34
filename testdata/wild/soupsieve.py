# /// script
# dependencies = ["soupsieve", "beautifulsoup4"]
# ///
"""Selects by many CSS selectors, matches, filters, escapes, compiles and tells errors with places."""

import bs4
import soupsieve as sv

HTML = """<html lang=en><body><div id=a class="x y"><p>one<p class=z>two<span data-k="v w">in</span></div><ul><li>1<li>2<li class=x>3<li>4</ul>
<form><input type=checkbox checked><input type=text disabled placeholder=p><input required><select><option selected>o</select></form><p lang=de></p><a href="http://e.org/x.pdf">l</a></body></html>"""
soup = bs4.BeautifulSoup(HTML, "html.parser")
for selector in ["p", "#a > p:first-child", ".x.y", "[data-k~=w]", "a[href$='.pdf' i]", "li:nth-child(2n+1)", "li:nth-last-of-type(2)", "li:not(.x, :first-child)", ":is(p, span):empty", "p:has(span)", "p + p", "li ~ li", "input:checked", "input:disabled", ":required", "option:checked", ":lang(de)", "p:contains('two')", ":root > body", "li:nth-child(2 of :not(.x))", "input:placeholder-shown", "a:any-link", "span:only-child"]:
    print(selector, [(tag.name, tag.get_text()[:5]) for tag in sv.select(selector, soup)])
print(sv.match(".x", soup.div), sv.closest("body", soup.span).name, [t.name for t in sv.filter("p", soup.div)], sv.select_one("none", soup), sv.escape("1a b"))
pattern = sv.compile(":--item.x", custom={":--item": "li, div"})
print([tag.name for tag in pattern.select(soup)], pattern.pattern, len(list(sv.iselect("li", soup, limit=2))))
for bad in ["p >", "[a", ":unknown", "p::x", "li:nth-child(x)"]:
    try:
        sv.compile(bad)
    except (sv.SelectorSyntaxError, NotImplementedError) as error:
        print(type(error).__name__, str(error).splitlines()[0])
