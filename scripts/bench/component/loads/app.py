"""Runs the loads as a component that exports wasi:cli/run, for componentize-py.

The arguments come from the call, since sys.argv was set when the component was built.
"""

import sys

import loads
from wit_world.imports import environment


class Run:
    def run(self):
        sys.argv[:] = environment.get_arguments()
        loads.main()
