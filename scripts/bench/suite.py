"""Runs benchmarks of pyperformance under pywasm, its peers and a native CPython, and compares the times.

In:  the wheel of pyperformance, and what bench-pyperformance.sh installs for the peers; see --help.
Out: Markdown tables on stdout. With --table, the same between the marks of docs/internals/pyperformance.md, and a plot
     beside it. Progress is on stderr.

Each round runs each benchmark with every peer, so that a busy machine affects all of them alike. The least time counts.
"""

import argparse
import math
import os
import pathlib
import re
import subprocess
import sys
import zipfile

import page
import plot
from peers import COMPONENT, HERE, NATIVE, PYODIDE, SIZE, SPEED, Bench

PROGRAM = "pyperformance"
PAGE = pathlib.Path(HERE).parents[1] / "docs/internals/pyperformance.md"
COMPARED = [SIZE, SPEED, COMPONENT, PYODIDE]
# Those that need the standard library only, and neither other processes nor a network.
BENCHMARKS = """
argparse async_generators async_tree barnes_hut base64 bpe_tokeniser chaos comprehensions coroutines decimal_factorial
decimal_pi deepcopy deltablue fannkuch float gc_collect gc_traversal generators go hexiom json_dumps json_loads logging
mdp meteor_contest nbody nqueens pathlib pickle pidigits pprint pyflate raytrace regex_compile regex_dna regex_effbot
regex_v8 richards richards_super scimark spectral_norm sqlite_synth telco typing_runtime_protocols unpack_sequence
xml_etree
""".split()
# Which part of a benchmark runs, where it has several and no default.
ARGUMENTS = {"argparse": ["many_optionals"], "async_tree": ["none"], "pickle": ["pickle"]}
# The last line of a traceback.
ERROR = re.compile(r"^[A-Za-z_.]*(?:Error|Exception)\b.*$", re.MULTILINE)


class Suite(Bench):
    def copy(self, program):
        """Adds the benchmarks: the main file of NAME as run_NAME.py, its modules beside it, its data below data/."""
        super().copy(program)
        with zipfile.ZipFile(self.options.wheel) as wheel:
            for name in self.options.names:
                folder = f"pyperformance/data-files/benchmarks/bm_{name}/"
                for path in wheel.namelist():
                    file = path.removeprefix(folder)
                    if file == path or not file.endswith(".py") and not file.startswith("data/"):
                        continue
                    if file == "run_benchmark.py":
                        file = f"run_{name}.py"
                    for kind in ("project", "component"):
                        copy = pathlib.Path(self.path(kind, program, file))
                        copy.parent.mkdir(parents=True, exist_ok=True)
                        copy.write_bytes(wheel.read(path))
        if os.path.isdir(self.path("project", program, "data")):
            with open(self.path("project", program, "pyproject.toml"), "a", encoding="utf-8") as settings:
                settings.write('data = ["data/**"]\n')

    def measure(self, peer, name):
        """Returns {benchmark: seconds}, or the error with which it ends."""
        command = self.command(peer, PROGRAM, name, *ARGUMENTS.get(name, []))
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            errors = ERROR.findall(done.stderr)
            return (errors or done.stderr.splitlines() or [f"exit code {done.returncode}"])[-1]
        lines = (line.split("\t") for line in done.stdout.splitlines() if "\t" in line)
        return {benchmark: float(seconds) for benchmark, seconds in lines}


def options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", required=True, help="where the peers are installed and work files go")
    parser.add_argument("--pywasm", required=True, help="the pywasm command")
    parser.add_argument("--python", required=True, help="the native CPython to compare with")
    parser.add_argument("--wheel", required=True, help="the wheel of pyperformance")
    parser.add_argument("--rounds", type=int, default=3, help="processes for each benchmark; each measures 3 times (3)")
    parser.add_argument("--table", action="store_true", help="writes the tables and the plot of the page again")
    parser.add_argument("names", nargs="*", metavar="BENCHMARK", help="some of them; all, where none is named")
    chosen = parser.parse_args()
    unknown = sorted(set(chosen.names) - set(BENCHMARKS))
    if unknown:
        parser.error(f"there is no {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}")
    if chosen.table and chosen.names:
        parser.error("--table needs all benchmarks: name none")
    chosen.names = chosen.names or BENCHMARKS
    return chosen


def measure_all(suite):
    """Returns {benchmark: {peer: seconds}}, and {(peer, error): [benchmark]}."""
    best, failed = {}, {}
    for turn in range(suite.options.rounds):
        for name in suite.options.names:
            print(f"round {turn + 1}: {name}", file=sys.stderr)
            for peer in [*COMPARED, NATIVE]:
                found = suite.measure(peer, name)
                if isinstance(found, str):
                    print(f"{name} fails with {peer}: {found}", file=sys.stderr)
                    names = failed.setdefault((peer, found), [])
                    names += [name] if name not in names else []
                    continue
                for benchmark, seconds in found.items():
                    times = best.setdefault(benchmark, {})
                    times[peer] = min(seconds, times.get(peer, math.inf))
    return best, failed


def duration(seconds):
    for factor, unit in ((1, "s"), (1e3, "ms"), (1e6, "µs"), (1e9, "ns")):
        if seconds * factor >= 1:
            break
    return f"{seconds * factor:.3g} {unit}"


def times_table(best):
    lines = [f"| | {NATIVE} | {' | '.join(COMPARED)} |", "| --- |" + " ---: |" * (1 + len(COMPARED))]
    for name, times in sorted(best.items()):
        native = times.get(NATIVE)
        cells = [f"{times[peer] / native:.2f}" if native and peer in times else "-" for peer in COMPARED]
        lines.append(f"| {name} | {duration(native) if native else '-'} | {' | '.join(cells)} |")
    return lines


def mean(best, peer, other):
    """Formats the geometric mean of the ratios between two peers, and of how many benchmarks it is."""
    ratios = [times[peer] / times[other] for times in best.values() if peer in times and other in times]
    return f"{math.exp(sum(map(math.log, ratios)) / len(ratios)):.2f} of {len(ratios)}" if ratios else "-"


def means_table(best):
    others = [NATIVE, COMPONENT, PYODIDE]
    lines = [f"| geometric mean | {' | '.join(f'against {other}' for other in others)} |", "| --- |" + " ---: |" * len(others)]
    for peer in COMPARED:
        cells = ["" if peer == other else mean(best, peer, other) for other in others]
        lines.append(f"| {peer} | {' | '.join(cells)} |")
    return lines


def failures_table(failed):
    if not failed:
        return []
    rows = [f"| {peer} | {', '.join(names)} | `{error.replace('`', '')}` |" for (peer, error), names in sorted(failed.items())]
    return ["| `-` | benchmarks | error |", "| --- | --- | --- |", *rows, ""]


def main():
    suite = Suite(options(), [PROGRAM])
    best, failed = measure_all(suite)
    lines = [*times_table(best), "", *means_table(best), "", *failures_table(failed)]
    lines += [f"- {name}: {version}" for name, version in suite.versions().items() if name != "python-wasi"]
    text = "\n".join(lines)
    print(text)
    if suite.options.table:
        page.write(PAGE, "table", text)
        plot.write(PAGE.with_suffix(".svg"), best, COMPARED, NATIVE)


main()
