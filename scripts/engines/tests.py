"""Compares CPython's own tests: files of them natively, and three starts of one artifact under an engine.

In:  names of files; what `../cpython` needs, which makes the artifact and runs the tests natively.
Out: for each engine a comparison of each file. A test passes if it does so in each of the three starts.
"""

import sys

from apps import STARTS
from commands import ENGINES

from compared import Causes, Run, compare
from ways import PROGRAM, Ways, run


class Share:
    """One artifact with some files of tests. `kept`: what `scripts/cpython-tests.sh` keeps, too."""

    def __init__(self, names, kept, folder):
        self.names, self.ways, self.causes = names, Ways(kept), Causes(PROGRAM / "causes.toml")
        error = self.ways.build_project(names, folder, "--aot")
        if error:
            sys.exit(error)
        self.files = {end: folder / "dist" / f"tests.{end}" for end in ("wasm", "cwasm")}
        self.files["cwasm"] = next((folder / "dist").glob("*.cwasm"))

    def compare(self, name, engine):
        form, command = ENGINES[engine]
        runs = [run(command(self.files[form], {}, {}, [name])) for _ in range(STARTS)]
        native = self.ways.run("native", name)
        result = compare(name, {"native": native, "artifact": worst(native, runs)}, self.causes)
        for failure in result.failures:
            failure.way = engine
        return result


def worst(native, runs):
    """One run in which each test has the first result that is not `passed`."""
    outcomes = {test: [run.outcome(test) for run in runs] for test in native.tests}
    return Run({test: next((one for one in found if one[0] != "passed"), found[0]) for test, found in outcomes.items()}, "")
