# /// script
# dependencies = ["tinycss2", "cssselect2", "html5lib"]
# ///
"""Parses style sheets, rules, declarations and colours, with errors, and matches selectors on a tree."""

import xml.etree.ElementTree as etree

import cssselect2
import tinycss2
from tinycss2 import color3, color4, nth

CSS = """@import url("a.css") print; @charset "x";
/* note */ a > .b, #c:hover { color: rgb(10% 20% 30%); margin: -1px 2.5em !important; background: url(x y.png) }
@media (min-width: 10px) { p { --v: {a} } } broken { color: ; } u+0-7F { x: y }"""
for rule in tinycss2.parse_stylesheet(CSS, skip_comments=True, skip_whitespace=True):
    print(rule.type, tinycss2.serialize(rule.prelude) if hasattr(rule, "prelude") else getattr(rule, "message", ""), rule.source_line)
    if rule.type == "qualified-rule":
        for declaration in tinycss2.parse_blocks_contents(rule.content, skip_whitespace=True):
            print("  ", declaration.type, getattr(declaration, "name", declaration), getattr(declaration, "important", None), [token.type for token in getattr(declaration, "value", [])])
for text in ["red", "#abc", "#12345678", "rgba(1, 2, 3, .5)", "hsl(120, 100%, 25%)", "currentColor", "nocolour", "transparent"]:
    print(text, color3.parse_color(text), color4.parse_color(text) is not None)
print([nth.parse_nth(text) for text in ["2n+1", "odd", "-n+3", "5", "x"]], tinycss2.serialize(tinycss2.parse_component_value_list("a/**/b 1e3px 'q\\\"' <!--")))
print(tinycss2.parse_stylesheet_bytes("@charset 'x'; é {}".encode("latin-1"), protocol_encoding="latin-1")[0][-1].prelude[0].value)
matcher = cssselect2.Matcher()
for index, text in enumerate(["p", ".x", "div > p.x:first-child", "[k=v]", "p:not(.x)"]):
    for selector in cssselect2.compile_selector_list(text):
        matcher.add_selector(selector, text)
tree = cssselect2.ElementWrapper.from_html_root(etree.fromstring("<html xmlns='http://www.w3.org/1999/xhtml'><div><p class='x y' k='v'/><p/></div></html>"))
for element in tree.iter_subtree():
    print(element.local_name, [payload for specificity, order, pseudo, payload in matcher.match(element)], element.query(".x") is not None)
