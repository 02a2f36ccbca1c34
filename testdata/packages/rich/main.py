"""Rich on something that is no terminal: a table, markup, a tree, Markdown, code, a traceback."""

import io

from rich import box, print_json
from rich.columns import Columns
from rich.console import Console, Group
from rich.markdown import Markdown
from rich.padding import Padding
from rich.panel import Panel
from rich.pretty import Pretty
from rich.progress_bar import ProgressBar
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text
from rich.traceback import Traceback
from rich.tree import Tree


def divide(a, b):
    return a / b


def main():
    console = Console(width=72, color_system=None, legacy_windows=False)
    table = Table(title="Planets :ringed_planet:", box=box.ROUNDED, caption="[i]by size[/i]")
    table.add_column("name", style="cyan")
    table.add_column("radius / km", justify="right")
    table.add_row("Jupiter", "69,911")
    table.add_row("[bold]Earth[/bold]", "6,371", end_section=True)
    table.add_row("月", "1,737")
    console.print(table)
    console.print("[bold red]alert[/bold red] [link=https://example.org]link[/link] 1 2.5 'text' None", style="on blue")
    console.print(Panel(Text("centered", justify="center"), title="panel"))
    tree = Tree("root")
    tree.add("leaf").add("[green]deeper[/green]")
    console.print(tree)
    console.print(Columns([f"item {number}" for number in range(12)], equal=True))
    console.print(Markdown("# Head\n\n* one\n* **two**\n\n```python\nx = 1\n```\n"))
    console.print(Syntax("def f(x):\n    return x + 1\n", "python", line_numbers=True))
    console.print(Pretty({"a": list(range(30)), "b": {"c": "d" * 40}}, expand_all=False))
    console.print(Padding(Group("grouped", ProgressBar(total=10, completed=4, width=20)), (1, 4)))
    print_json('{"b": [1, 2, {"c": null}], "a": "text"}')
    console.rule("rule")

    colored = Console(width=60, file=io.StringIO(), force_terminal=True, color_system="truecolor", legacy_windows=False)
    colored.print("[bold #ff8800]color[/] [reverse]and[/] style", Syntax("x = 'y'", "python"))
    print(repr(colored.file.getvalue()))

    try:
        divide(1, 0)
    except ZeroDivisionError:
        # The frames' files are where the program is; what is compared is what is known anywhere.
        traceback = Traceback(width=72, show_locals=True, extra_lines=0)
    for stack in traceback.trace.stacks:
        print(stack.exc_type, stack.exc_value, [frame.name for frame in stack.frames])
        print(sorted(stack.frames[-1].locals))
    captured = Console(width=72, file=io.StringIO(), color_system=None)
    captured.print(traceback)
    last = captured.file.getvalue().strip().splitlines()[-1]
    print(last)


main()
