"""Stands in for pyperf, which starts processes: runs benchmarks of pyperformance in this one.

In:  what a benchmark gives to `Runner`. Out: a line for each, with a tab between its name and the seconds of one turn, by
     the least of MEASUREMENTS. As in pyperf, turns double until one measurement takes LEAST seconds.
"""

import argparse
import asyncio
import sys
import time

MEASUREMENTS, LEAST = 3, 0.1
perf_counter = time.perf_counter


def python_implementation():
    return sys.implementation.name


class Runner:
    def __init__(self, **_):
        self.argparser = argparse.ArgumentParser()
        self.metadata = {}
        self.args = None

    def parse_args(self):
        if self.args is None:
            self.args = self.argparser.parse_args()
        return self.args

    def bench_time_func(self, name, function, *args, inner_loops=1):
        """`function(turns, *args)` returns the seconds of all turns; a turn has `inner_loops` loops."""
        self.parse_args()
        turns = 1
        while (seconds := function(turns, *args)) < LEAST:
            turns *= 2
        least = min([seconds, *(function(turns, *args) for _ in range(MEASUREMENTS - 1))])
        print(name, least / turns / inner_loops, sep="\t", flush=True)

    def bench_func(self, name, function, *args, **options):
        def measure(turns):
            began = perf_counter()
            for _ in range(turns):
                function(*args)
            return perf_counter() - began

        self.bench_time_func(name, measure, **options)

    def bench_async_func(self, name, function, *args, loop_factory=None, **options):
        async def measure(turns):
            began = perf_counter()
            for _ in range(turns):
                await function(*args)
            return perf_counter() - began

        def run(turns):
            with asyncio.Runner(loop_factory=loop_factory) as runner:
                return runner.run(measure(turns))

        self.bench_time_func(name, run, **options)
