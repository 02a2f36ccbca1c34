"""Tables in many formats from rows, dictionaries and columns, with alignments, wide characters and wraps."""

import dataclasses

from tabulate import SEPARATING_LINE, simple_separated_format, tabulate, tabulate_formats

rows = [["pen", 3, 1.5], ["ink", 12, None], ["日本", 7, 1234.5678]]
for style in ["plain", "simple", "github", "grid", "fancy_grid", "pipe", "orgtbl", "rst", "html", "latex", "psql", "tsv", "mediawiki", "rounded_outline"]:
    print(style)
    print(tabulate(rows, headers=["name", "count", "price"], tablefmt=style, missingval="?"))
print(tabulate({"a": [1, 22], "b": ["x", "y"]}, headers="keys", showindex=True, numalign="center"))
print(tabulate([{"k": 1}, {"k": 2, "j": 3}], headers="keys"), tabulate([["1e5", "0x10"]], floatfmt=".2f", disable_numparse=[1]))


@dataclasses.dataclass
class Row:
    x: int
    y: str


print(tabulate([Row(1, "a"), Row(2, "b")], headers="keys", tablefmt=simple_separated_format("|")))
print(tabulate([["long text that wraps", 1], SEPARATING_LINE, ["s", 2]], maxcolwidths=[9, None], colalign=("right", "left")))
print(len(tabulate_formats) > 20, tabulate([], headers=["a"]), tabulate([[True, b"x"]], tablefmt="jira"))
