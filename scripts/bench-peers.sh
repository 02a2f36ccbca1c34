#!/usr/bin/env bash
# Compares pywasm with other ways to run Python on WebAssembly, and with a native CPython: one table.
#
# usage: scripts/bench-peers.sh [--only size,start,build,cpu] [--runs N] [--rounds N] [--builds N] [--format json]
#
# In:  a built pywasm with a base (PYWASM, or target/release/pywasm), node, npm and python3 with venv.
#      PYWASM_BENCH_PYTHON: the native CPython (python3.13, else python3). PYWASM_BENCH_DIR: where the peers are
#      installed (target/bench); they are fetched once, from their registries.
# Out: the table on stdout, progress on stderr. Nothing else should run on the machine: see docs/internals/benchmarks.md.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

folder=${PYWASM_BENCH_DIR:-$target/bench}
find_tool base
"$PYWASM" base path >/dev/null || fail "there is no base: \`$PYWASM base build\`"
have python3 || fail "needs python3 with its venv module: \`apt-get install python3-venv\`"
have node && have npm || fail "needs node and npm: \`apt-get install nodejs npm\`"

native=${PYWASM_BENCH_PYTHON:-$(command -v python3.13 || command -v python3)}
"$native" -c '' || fail "cannot start the native CPython $native: name one with PYWASM_BENCH_PYTHON"

mkdir -p "$folder"
wanted=$(cat scripts/pins/bench.txt scripts/pins/bench/package-lock.json | key)
if [ "$(cat "$folder/installed" 2>/dev/null)" != "$wanted" ]; then
  step "install the peers in $folder"
  rm -rf "$folder/venv" "$folder/node_modules"
  install_pinned "$folder/venv" scripts/pins/bench.txt >&2 ||
    fail "cannot install scripts/pins/bench.txt: is the package index reachable, and has python3 its venv module?"
  cp scripts/pins/bench/package{,-lock}.json "$folder"
  npm ci --prefix "$folder" --no-audit --no-fund --silent --ignore-scripts >&2 ||
    fail "cannot install scripts/pins/bench/package-lock.json: is the registry reachable?"
  echo "$wanted" > "$folder/installed"
fi

exec "$folder/venv/bin/python" -B "$root/scripts/bench/measure.py" --folder "$folder" --pywasm "$PYWASM" --python "$native" "$@"
