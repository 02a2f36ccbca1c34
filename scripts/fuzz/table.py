"""Writes the sums of all fuzz runs so far into their page.

In:  the file with a line for each run, which `scripts/fuzz.sh` adds to: target, runs, seconds, seed.
Out: the part of `docs/internals/fuzzing.md` between its two marks.
"""

import collections
import pathlib
import sys

PAGE = pathlib.Path(__file__).resolve().parents[2] / "docs" / "internals" / "fuzzing.md"
BEGIN, END = "<!-- table -->", "<!-- end -->"

runs, seconds, seeds = collections.Counter(), collections.Counter(), collections.defaultdict(set)
for line in pathlib.Path(sys.argv[1]).read_text().splitlines():
    name, count, time, seed = line.split("\t")
    runs[name] += int(count)
    seconds[name] += int(time)
    seeds[name].add(int(seed))
rows = ["| target | runs | seconds | seeds |", "| --- | ---: | ---: | --- |"]
for name in sorted(runs):
    rows.append(f"| `{name}` | {runs[name]:,} | {seconds[name]:,} | {', '.join(map(str, sorted(seeds[name])))} |")
rows.append(f"| all | {runs.total():,} | {seconds.total():,} | |")
before, _, rest = PAGE.read_text().partition(BEGIN)
_, _, after = rest.partition(END)
PAGE.write_text(before + BEGIN + "\n\n" + "\n".join(rows) + "\n\n" + END + after)
