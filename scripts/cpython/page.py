"""Writes the table of CPython's own tests into its page.

In:  what `main.py` has compared, in all ways.
Out: the part of `docs/reference/cpython-tests.md` behind its mark.
"""

import pathlib

from compared import cause_rows

PAGE = pathlib.Path(__file__).resolve().parents[2] / "docs" / "reference" / "cpython-tests.md"
MARK = "<!-- table -->"
# The ways beside `native`, and what the page calls them.
COLUMNS = {"base": "on the base", "artifact": "in an artifact"}
# Causes that the second share leaves out: what no artifact has.
ASIDE = {"starts another process", "starts a thread"}


def write_page(results, left_out, every):
    """`results`: all comparisons; `left_out`: why files are not run, by their names; `every`: the names of all files."""
    head = PAGE.read_text(encoding="utf-8").partition(MARK)[0]
    parts = [totals(results), cause_rows(results, COLUMNS), by_file(results), not_run(results, left_out, every)]
    PAGE.write_text(head + MARK + "\n\n" + "\n\n".join("\n".join(lines) for lines in parts) + "\n", encoding="utf-8")


def totals(results):
    native = sum(result.native for result in results)
    lines = [
        f"{native:,} tests of {sum(result.native > 0 for result in results)} files pass natively.",
        "",
        "| of these | pass | are skipped | fail | pass without those that are skipped | and without processes and threads |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for way, title in COLUMNS.items():
        passed = sum(result.passed[way] for result in results)
        skipped = sum(result.skipped[way] for result in results)
        aside = sum(failure.way == way and failure.cause in ASIDE for result in results for failure in result.failures)
        shares = [f"{100 * passed / count:.1f} %" for count in (native - skipped, native - skipped - aside)]
        lines.append(f"| {title} | {passed:,} | {skipped:,} | {native - passed - skipped:,} | {' | '.join(shares)} |")
    return lines


def by_file(results):
    lines = [f"| file | pass natively | {' | '.join(COLUMNS.values())} |", "| --- | ---: |" + " ---: |" * len(COLUMNS)]
    for result in results:
        if result.native:
            lines.append(f"| {result.name} | {result.native} | {' | '.join(str(result.passed[way]) for way in COLUMNS)} |")
    return lines


def not_run(results, left_out, every):
    by_cause = {}
    for name in every:
        if name in left_out:
            by_cause.setdefault(left_out[name], []).append(name)
    nothing = [result.name for result in results if not result.native]
    lines = ["These files are not run:", "", *(f"- {cause}: {', '.join(names)}" for cause, names in sorted(by_cause.items()))]
    compared = {result.name for result in results}
    later = [name for name in every if name not in left_out and name not in compared]
    lines += [f"- not run yet in all ways: {', '.join(later)}"] if later else []
    return lines + ([f"- nothing in them passes natively: {', '.join(nothing)}"] if nothing else [])
