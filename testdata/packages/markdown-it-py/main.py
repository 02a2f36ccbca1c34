"""Markdown to HTML: the presets, tables, a rule of our own, tokens."""

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

TEXT = """\
# Title *with* emphasis

A paragraph with `code`, a [link](https://example.org/ä?q=1 "title") and
an ![image](a.png). &copy; &amp; <b>raw</b>

| left | right |
|:-----|------:|
| 1    | ~~2~~ |

1. one
   - nested
2. two

```python
print("<hello>")
```

> quoted
> text -- "smart" https://example.com

[ref]: http://example.net/a%20b
See [ref].
"""


def heading_ids(self, tokens, index, options, env):
    tokens[index].attrSet("id", f"h{index}")
    return self.renderToken(tokens, index, options, env)


def main():
    for preset in ["commonmark", "js-default", "zero"]:
        print("---", preset)
        print(MarkdownIt(preset).render(TEXT))
    md = MarkdownIt("commonmark", {"html": False, "typographer": True})
    md.enable(["table", "strikethrough", "replacements", "smartquotes"])
    md.add_render_rule("heading_open", heading_ids)
    print(md.render(TEXT))
    tokens = md.parse(TEXT)
    print([token.type for token in tokens][:12])
    print(SyntaxTreeNode(tokens).pretty(indent=2)[:300])


main()
