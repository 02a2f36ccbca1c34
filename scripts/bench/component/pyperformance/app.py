"""Runs benchmarks of pyperformance as a component that exports wasi:cli/run, for componentize-py.

A component finds no module of the standard library when it runs, so what the benchmarks import is imported at build time.
"""

import encodings.ascii  # noqa: benchmarks and what they use import this one and the next ones late
import importlib
import os
import pickle
import shutil
import sys
import xml.etree.ElementTree

import pyperformance
from wit_world.imports import environment

for file in sorted(os.listdir(os.path.dirname(__file__))):
    if file.startswith("run_"):
        try:
            importlib.import_module(file.removesuffix(".py"))
        except ImportError as error:
            print(f"{file} cannot be imported: {error}", file=sys.stderr)


class Run:
    def run(self):
        sys.argv[:] = environment.get_arguments()
        pyperformance.main()
