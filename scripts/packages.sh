#!/usr/bin/env bash
# Builds a small program for each of the packages of testdata/wild, with the default settings, runs it
# beside a native Python, and compares both. `scripts/packages.sh --help` tells the options.
#
# usage: scripts/packages.sh [--profile dev|release] [--table] [PACKAGE...]
#
# Needs the tool, a base and a native Python, which `scripts/test.sh base` leaves; other ones by the
# variables PYWASM, PYWASM_HOME and PYWASM_NATIVE_PYTHON.
set -euo pipefail
. "$(dirname "$0")/setup.sh"

export PYWASM=${PYWASM:-$target/release/pywasm}
[ -x "$PYWASM" ] || fail "there is no $PYWASM: run scripts/test.sh base, or set PYWASM"
find_native_python

# What the packages are installed with.
export PYWASM_PACKAGES_WILD=${PYWASM_PACKAGES_WILD:-$kept/wild}
if [ ! -x "$PYWASM_PACKAGES_WILD/.pip/bin/pip" ]; then
  mkdir -p "$PYWASM_PACKAGES_WILD"
  python3 -m venv "$PYWASM_PACKAGES_WILD/.pip"
fi
exec "$PYWASM_PACKAGES_WILD/.pip/bin/python" "$root/scripts/packages.py" "$@"
