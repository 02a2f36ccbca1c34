"""Measures the figures of the table.

Each function of GROUPS takes a Bench and returns rows (title, {peer: value}). Sizes are in bytes, times in
milliseconds (builds in seconds), memory in kB.
"""

import functools
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

from peers import COMPONENT, HERE, NATIVE, OURS, PYODIDE, SIZE, WASI

LOADS = ("nbody", "sieve", "fib", "strings", "json", "regex")
BENCHED = [*OURS, COMPONENT, WASI]
INSTANCES = 1000


@functools.cache
def bench_json(bench, runs):
    first, *others = [bench.artifact(name, "hello") for name in BENCHED]
    command = [bench.pywasm, "bench", first, "--runs", str(runs), "--format", "json"]
    for other in others:
        command += ["--against", other]
    command += ["--", "-I", "-c", "print('hello')"]
    bench.note_command("size, start, memory of a process (all but pyodide and native)", command)
    return dict(zip(BENCHED, json.loads(bench.output(*command))["artifacts"]))


def size(bench):
    artifacts = bench_json(bench, 1)
    raw = {name: found["raw_bytes"] for name, found in artifacts.items()}
    packed = {name: found["brotli_bytes"] for name, found in artifacts.items()}
    files = bench.files(PYODIDE)
    raw[PYODIDE] = sum(map(os.path.getsize, files))
    compress = "import sys, brotli; print(sum(len(brotli.compress(open(f, 'rb').read(), quality=11, lgwin=24)) for f in sys.argv[1:]))"
    command = [os.path.join(bench.venv, "python"), "-c", compress, *files]
    bench.note_command("size of pyodide", command)
    packed[PYODIDE] = int(bench.output(*command))
    return [("hello, bytes", raw), ("hello, bytes after Brotli 11/24", packed)]


def process(command):
    """Returns the milliseconds and the peak KiB of one process.

    wait4 reports the peak of this child alone; RUSAGE_CHILDREN would be the peak of all children so far.
    """
    with tempfile.TemporaryFile() as out:
        began = time.perf_counter()
        child = subprocess.Popen(command, stdout=out, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(child.pid, 0)
        taken = (time.perf_counter() - began) * 1000
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        sys.exit(f"measure.py: {command} failed with {child.returncode}")
    return taken, usage.ru_maxrss


def start(bench):
    artifacts = bench_json(bench, bench.options.runs)
    ready = {name: found["total_ms"]["median"] for name, found in artifacts.items()}
    least = {name: found["total_ms"]["min"] for name, found in artifacts.items()}
    compiled = {name: found["compile_ms"]["median"] + ready[name] for name, found in artifacts.items()}
    taken = {NATIVE: [], PYODIDE: []}
    for _ in range(max(3, bench.options.runs // 3)):
        for name, times in taken.items():
            command = bench.hello_command(name)
            bench.note_command(f"start of {name} (the whole process)", command)
            times.append(process(command)[0])
    ready[NATIVE], least[NATIVE] = statistics.median(taken[NATIVE]), min(taken[NATIVE])
    compiled[PYODIDE] = statistics.median(taken[PYODIDE])
    return [
        ("start with machine code ready, ms, median", ready),
        ("the same, least", least),
        ("start with compilation (JIT), ms", compiled),
    ]


def instances(bench, name, count):
    """Runs memory.py, which keeps instances of hello beside each other."""
    command = [os.path.join(bench.venv, "python"), os.path.join(HERE, "memory.py"), bench.path("code")]
    command += [str(count), bench.artifact(name, "hello")]
    bench.note_command(f"instances of {name}", command)
    return json.loads(bench.output(*command))


def memory(bench):
    artifacts = bench_json(bench, 1)
    peak = {name: found["peak_memory_bytes"] / 1000 for name, found in artifacts.items()}
    idle = {name: found["idle_memory_bytes"] / 1000 for name, found in artifacts.items()}
    for name in (PYODIDE, NATIVE):
        command = bench.hello_command(name)
        bench.note_command(f"memory of {name} (the whole process)", command)
        peak[name] = process(command)[1] * 1.024
    first, further = {}, {}
    for name in (*OURS, COMPONENT):
        found = instances(bench, name, INSTANCES)
        first[name], further[name] = found["first"] / 1000, found["further"] / 1000
    return [
        ("a process that runs hello, at its peak, kB", peak),
        ("the same before it loads hello, kB", idle),
        ("the first instance in an engine, kB", first),
        (f"each of {INSTANCES:,} further ones, kB", further),
    ]


def pages(bench):
    """Counts the pages that one start touches. The columns are not peers."""
    return list(instances(bench, SIZE, 1)["pages"].items())


def build(bench):
    """Builds the loads: cold with an empty cache, warm after a line has changed. componentize-py has no cache."""
    cold, warm = {}, {}
    source = bench.path("project/loads/loads.py")
    for name in OURS:
        command = bench.build_command(name, "loads")
        bench.note_command("build time, cold: an empty PYWASM_HOME; warm: again, with a changed line", command)
        colds, warms = [], []
        for turn in range(bench.options.builds):
            with tempfile.TemporaryDirectory(dir=bench.folder) as home:
                for times in (colds, warms):
                    with open(source, "a", encoding="utf-8") as file:
                        file.write(f"CHANGED = {turn, len(times)}\n")
                    began = time.perf_counter()
                    bench.run(*command, env={**os.environ, "PYWASM_HOME": home})
                    times.append(time.perf_counter() - began)
        cold[name], warm[name] = statistics.median(colds), statistics.median(warms)
    times = []
    for _ in range(bench.options.builds):
        command = bench.build_command(COMPONENT, "loads")
        bench.note_command("build time of componentize-py", command)
        began = time.perf_counter()
        bench.run(*command)
        times.append(time.perf_counter() - began)
    cold[COMPONENT] = warm[COMPONENT] = statistics.median(times)
    return [("build of the loads, cold, s", cold), ("build of the loads, a line changed, s", warm)]


def cpu(bench):
    best = {name: {} for name in bench.names()}
    for turn in range(bench.options.rounds):
        for name in bench.names():
            command = bench.command(name, "loads", "3")
            bench.note_command(f"CPU loads, {name}", command)
            if turn == 0 and name not in (NATIVE, PYODIDE):
                bench.run(*bench.command(name, "loads", "1", "none"))  # writes the machine code to the cache
            for line in bench.run(*command).splitlines():
                load, milliseconds = line.split()
                best[name][load] = min(float(milliseconds), best[name].get(load, float("inf")))
    return [(f"CPU: {load}, ms", {name: best[name][load] for name in best}) for load in LOADS]


GROUPS = {"size": size, "start": start, "memory": memory, "pages": pages, "build": build, "cpu": cpu}
