#!/usr/bin/env bash
# Compares C functions that Python calls as native code and as wasm modules hosted by the package `wasmtime` with the
# same functions in pure Python, in one run.
#
# usage: scripts/bench-hosted.sh
#
# In:  clang-19 (or WASI_SDK_PATH) and cc; PYWASM_TEST_VENV: a virtual environment with the package `wasmtime`
#      (target/test-venv, which scripts/test.sh makes).
# Out: the table on stdout.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

venv=${PYWASM_TEST_VENV:-$target/test-venv}
"$venv/bin/python" -c 'import wasmtime' 2>/dev/null || fail "there is no package wasmtime in $venv: run scripts/test.sh first"
testdata/hosted/build.sh "$target/hosted"
exec "$venv/bin/python" -B testdata/hosted/compare.py "$target/hosted" --time
