"""The loads as a component that exports wasi:cli/run, for componentize-py: argv is the call's own, not the build's."""

import sys

import loads
from wit_world.imports import environment


class Run:
    def run(self):
        sys.argv[:] = environment.get_arguments()
        loads.main()
