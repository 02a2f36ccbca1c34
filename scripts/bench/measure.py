"""Measures pywasm and its peers and prints a table for each group of figures.

The options name the folder where bench-peers.sh has installed the peers; see --help. Standard output gets
Markdown tables or JSON, with the command of each figure. Standard error gets the progress.

Each round runs every peer once, so that a busy machine affects all of them alike.
"""

import argparse
import json
import pathlib
import platform
import sys

import figures
import page
import peers

PAGE = pathlib.Path(peers.HERE).parents[1] / "docs/internals/benchmarks.md"


def options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", required=True, help="where the peers are installed and work files go")
    parser.add_argument("--pywasm", required=True, help="the pywasm command")
    parser.add_argument("--python", required=True, help="the native CPython to compare with")
    parser.add_argument("--only", default=",".join(figures.GROUPS), help=f"some of {','.join(figures.GROUPS)}")
    parser.add_argument("--runs", type=int, default=15, help="starts of each program (15)")
    parser.add_argument("--rounds", type=int, default=5, help="processes for each CPU load; the best of 3 in each counts (5)")
    parser.add_argument("--builds", type=int, default=3, help="builds of each kind (3)")
    parser.add_argument("--table", action="store_true", help=f"writes what is measured into {PAGE.name} again")
    parser.add_argument("--format", choices=["table", "json"], default="table")
    chosen = parser.parse_args()
    unknown = set(chosen.only.split(",")) - set(figures.GROUPS)
    if unknown:
        parser.error(f"--only knows {', '.join(figures.GROUPS)}, not {', '.join(sorted(unknown))}")
    return chosen


def cell(value):
    if value is None:
        return "-"
    if isinstance(value, int) and value < 10000:
        return str(value)
    return f"{value:,.0f}" if value >= 10000 else f"{value:.2f}" if value < 100 else f"{value:.0f}"


def table(rows, ratios=True):
    """Formats rows (title, {column: value}). All columns but the first show the ratio to the first, if asked to."""
    names = list(dict.fromkeys(name for _, values in rows for name in values))
    lines = ["| | " + " | ".join(names) + " |", "| --- |" + " ---: |" * len(names)]
    for title, values in rows:
        first = values.get(names[0])
        cells = []
        for name in names:
            value = values.get(name)
            ratio = f" ({value / first:.2f}x)" if ratios and value and first and name != names[0] else ""
            cells.append(cell(value) + ratio)
        lines.append(f"| {title} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main():
    chosen = options()
    wanted = chosen.only.split(",")
    bench = peers.Bench(chosen)
    groups = {}
    for name, measure in figures.GROUPS.items():
        if name in wanted:
            print(f"measure: {name}", file=sys.stderr)
            groups[name] = measure(bench)
    tables = {name: table(rows, name != "pages") for name, rows in groups.items()}
    if chosen.table:
        for name, text in tables.items():
            page.write(PAGE, name, text)
    machine = f"{platform.system()} {platform.machine()}, {bench.cpu()}, {bench.cpus()} CPUs"
    if chosen.format == "json":
        rows = {title: values for group in groups.values() for title, values in group}
        print(json.dumps({"schema": 1, "machine": machine, "versions": bench.versions(), "rows": rows, "commands": bench.commands}, indent=2))
        return
    print(f"{machine}\n")
    print("\n".join(f"- {name}: {version}" for name, version in bench.versions().items()))
    for text in tables.values():
        print("\n" + text)
    print()
    for title, command in bench.commands.items():
        print(f"- {title}: `{command}`")


main()
