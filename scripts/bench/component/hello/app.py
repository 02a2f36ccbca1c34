"""Runs hello as a component that exports wasi:cli/run, for componentize-py."""


class Run:
    def run(self):
        print("hello")
