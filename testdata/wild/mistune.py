"""Renders Markdown with every plug-in by name, a renderer of its own, a table of contents and an AST."""

import mistune
from mistune.directives import Admonition, RSTDirective, TableOfContents

TEXT = """# Title

Some *text* with `code`, ~~gone~~, a footnote[^1] and https://example.org.

| a | b |
|---|--:|
| 1 | 2 |

- [x] done
- [ ] open

[^1]: The note.

Term
: Its definition

.. note:: Look

   here
"""
print(mistune.html("**bold** <i>raw</i>\n\n> quote\n\n1. one\n2. two\n"))
plugins = ["strikethrough", "footnotes", "table", "task_lists", "url", "def_list", "abbr", "mark", "math", RSTDirective([Admonition(), TableOfContents()])]
print(mistune.create_markdown(plugins=plugins)(TEXT))


class Links(mistune.HTMLRenderer):
    def link(self, text, url, title=None):
        return f"[{text}->{url}]"


print(mistune.create_markdown(renderer=Links())("[a](http://b) ![i](j.png)"))
print(mistune.create_markdown(renderer="ast")("# a\n\ntext `c`\n"))
from mistune.renderers.markdown import MarkdownRenderer
print(mistune.create_markdown(renderer=MarkdownRenderer())("*  a\n*  b\n\n***\n"))
