#!/usr/bin/env bash
# Compares pywasm with other ways to run Python on WebAssembly, and with a native CPython.
#
# usage: scripts/bench-peers.sh [--only size,start,memory,pages,build,cpu] [--runs N] [--rounds N] [--builds N] [--table] [--format json]
#
#   --table   writes what is measured into docs/internals/benchmarks.md again
#
# In:  a built pywasm with a base (PYWASM, or target/release/pywasm), node, npm and python3 with venv.
#      PYWASM_BENCH_PYTHON: the native CPython (python3.13, else python3). PYWASM_BENCH_DIR: where the peers are
#      installed (target/bench); they are fetched once, from their registries.
# Out: tables on stdout, progress on stderr. Nothing else should run on the machine: see docs/internals/benchmarks.md.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

. scripts/bench/install.sh

exec "$folder/venv/bin/python" -B "$root/scripts/bench/measure.py" --folder "$folder" --pywasm "$PYWASM" --python "$native" "$@"
