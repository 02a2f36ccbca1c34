#!/usr/bin/env bash
# Runs the same artifacts under every engine, three times each from one file, beside a native Python.
# `scripts/engines.sh --help` tells the options.
#
# usage: scripts/engines.sh [--table] [--tests FILE]... [APP...]    (APP: a folder of testdata/apps; all, where nothing is named)
#
# Needs what `scripts/test.sh engines` leaves; another tool or native Python by PYWASM, PYWASM_HOME and PYWASM_NATIVE_PYTHON.
set -euo pipefail
. "$(dirname "$0")/setup.sh"

find_tool engines
find_native_python
export PYWASM_TEST_VENV=${PYWASM_TEST_VENV:-$(newest venv)/venv}
export PYWASM_WASMI=${PYWASM_WASMI:-$(newest wasmi)/bin/wasmi}
export PYWASM_WASMEDGE=${PYWASM_WASMEDGE:-$(newest wasmedge)/bin}
exec "$PYWASM_NATIVE_PYTHON" -B -s -X utf8 "$root/scripts/engines/main.py" --kept "$kept/engines" \
  --cpython "$kept/cpython-tests" "$@"
