"""Parses Markdown to tokens, a tree and HTML with presets, rules, a plug-in and a renderer of its own."""

from markdown_it import MarkdownIt
from markdown_it.presets import gfm_like
from markdown_it.tree import SyntaxTreeNode

TEXT = "# Head\n\nSome *text* with `code` and **bold** <b>x</b>\n\n- one\n- two\n  1. deep\n\n> quote\n\n| a | b |\n|---|:-:|\n| 1 | ~~2~~ |\n\n```py\nx = 1 < 2\n```\n\n![alt](i.png \"t\") https://e.org\n"
print(MarkdownIt().render(TEXT))
md = MarkdownIt("js-default", {"breaks": True, "html": False, "typographer": True}).enable(["replacements", "smartquotes"])
print(md.render(TEXT + '\n"quotes" -- (c)\n'))
print([(token.type, token.nesting, token.map) for token in md.parse("a\n\n* b\n")])
tree = SyntaxTreeNode(MarkdownIt("commonmark").parse(TEXT))
print(tree.pretty(indent=1)[:300], [node.type for node in tree.walk()][:6])


def at_plugin(md):
    def rule(state, silent):
        if state.src[state.pos] != "@":
            return False
        if not silent:
            state.push("at", "", 0).content = state.src[state.pos + 1 : state.posMax]
        state.pos = state.posMax
        return True

    md.inline.ruler.push("at", rule)
    md.inline.ruler2.__class__


custom = MarkdownIt("zero").use(at_plugin)
custom.add_render_rule("at", lambda self, tokens, index, options, env: f"<i>{tokens[index].content}</i>")
print(custom.render("@name"), MarkdownIt("zero").render("*a*"), sorted(MarkdownIt().get_active_rules()), "options" in gfm_like.make())
print(MarkdownIt().disable("emphasis").renderInline("*x* & &copy; [a](javascript:x)"))
