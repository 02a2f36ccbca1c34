"""Tables, panels, trees, Markdown, syntax, columns, a progress bar and a traceback on a console of fixed width."""

import io
import re

from rich.columns import Columns
from rich.console import Console
from rich.json import JSON
from rich.markdown import Markdown
from rich.panel import Panel
from rich.progress import Progress
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text
from rich.traceback import Frame, Stack, Trace, Traceback
from rich.tree import Tree

out = io.StringIO()
console = Console(file=out, width=60, force_terminal=True, color_system="truecolor", legacy_windows=False)
table = Table(title="Stock", show_footer=True)
table.add_column("name", style="cyan", footer="sum")
table.add_column("count", justify="right", footer="12")
table.add_row("pen :smiley:", "3")
table.add_row("[bold red]ink[/] 日本", "9")
console.print(table, Panel("text in a panel", title="T"))
tree = Tree("root")
tree.add("a").add("[link=http://x]b[/link]")
console.print(tree, Columns(["one", "two", "three"]))
console.print(Markdown("# Head\n\n* a *b* `c`\n\n> q\n\n```python\nx = 1\n```\n"))
console.print(Syntax("def f(x):\n    return x  # y", "python", line_numbers=True, theme="ansi_dark"))
console.print(JSON('{"a": [1, null, "x"]}'), {"k": [1, 2.5, None, "s"]}, Text("styled", style="on blue"))
with Progress(console=console, auto_refresh=False, disable=True) as progress:
    task = progress.add_task("work", total=3)
    progress.update(task, advance=2)
    print(progress.tasks[0].percentage)
console.print(Traceback(Trace([Stack("ZeroDivisionError", "by zero", frames=[Frame("<input>", 3, "divide")])])))
print(re.sub(r"id=\d+", "id=N", out.getvalue()))
console.rule("end")
print(console.render_str("[i]x[/i]").markup, console.size.width)
