"""Renders Markdown with extensions by name, their settings, a table of contents and an extension of its own."""

import xml.etree.ElementTree as etree

import markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor
from markdown.treeprocessors import Treeprocessor

TEXT = """# Title {#top .big}

Some *text*, `code`, ==mark==, [a link][1] and a note[^n]. HTML is short.

1. one
    - nested

| a | b |
|---|--:|
| 1 | 2 |

```python
x = 1
```

!!! note "Look"
    here

Term
:   Definition

## Part

*[HTML]: Hyper Text
[1]: http://example.org "Title"
[^n]: The note.
"""
print(markdown.markdown(TEXT))
md = markdown.Markdown(extensions=["extra", "toc", "admonition", "codehilite", "smarty", "sane_lists", "meta", "nl2br"], extension_configs={"toc": {"permalink": True, "toc_depth": 2}, "codehilite": {"use_pygments": False}})
print(md.convert("Author: Ann\n\n" + TEXT))
print(md.Meta, md.toc_tokens[0]["id"])


class Mark(InlineProcessor):
    def handleMatch(self, match, data):
        element = etree.Element("mark")
        element.text = match[1]
        return element, match.start(0), match.end(0)


class Shift(Treeprocessor):
    def run(self, root):
        for heading in root.iter("h1"):
            heading.tag = "h3"


class Ours(Extension):
    def extendMarkdown(self, md):
        md.inlinePatterns.register(Mark(r"==(.+?)=="), "mark", 175)
        md.treeprocessors.register(Shift(md), "shift", 5)


print(markdown.markdown("# h\n\n==x== & <b>raw</b>", extensions=[Ours(), "attr_list"], output_format="xhtml"))
