#!/usr/bin/env bash
# Compares pywasm with other ways to run Python on WebAssembly, and with a native CPython, by benchmarks of pyperformance.
#
# usage: scripts/bench-pyperformance.sh [--rounds N] [--table] [BENCHMARK...]     (all, where none is named)
#
#   --table   writes the table and the plot of docs/internals/pyperformance.md again
#
# In:  as for bench-peers.sh. The benchmarks come from the wheel of pyperformance, which pip fetches once.
# Out: the table on stdout, progress on stderr. Nothing else should run on the machine.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/setup.sh"
. scripts/bench/install.sh

wheels=$folder/pyperformance-$(key < scripts/pins/pyperformance.txt)
if [ ! -d "$wheels" ]; then
  step "fetch pyperformance"
  rm -rf "$wheels.new"
  "$folder/venv/bin/python" -m pip download -q --disable-pip-version-check --no-deps --require-hashes \
    -r scripts/pins/pyperformance.txt -d "$wheels.new" >&2 || fail "cannot fetch scripts/pins/pyperformance.txt: is the package index reachable?"
  mv "$wheels.new" "$wheels"
fi
exec "$folder/venv/bin/python" -B "$root/scripts/bench/suite.py" --folder "$folder" --pywasm "$PYWASM" --python "$native" \
  --wheel "$wheels"/*.whl "$@"
