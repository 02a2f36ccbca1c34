#!/usr/bin/env bash
# Runs CPython's own test suite on a base and in artifacts, beside a native Python, and says which tests pass where.
# `scripts/cpython-tests.sh --help` tells the options.
#
# usage: scripts/cpython-tests.sh [--ways base,artifact] [--jobs N] [--table] [FILE...]        (FILE: test_json; all, where none is named)
#
# Needs the tool, a base and a native Python with its sources, which `scripts/test.sh base` leaves; other ones by the
# variables PYWASM, PYWASM_HOME and PYWASM_NATIVE_PYTHON.
set -euo pipefail
. "$(dirname "$0")/setup.sh"

find_tool base
find_native_python
exec "$PYWASM_NATIVE_PYTHON" -B -s -X utf8 "$root/scripts/cpython/main.py" --kept "$kept/cpython-tests" "$@"
