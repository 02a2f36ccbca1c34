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

find_tool base
find_native_python

export PYWASM_PACKAGES_WILD=${PYWASM_PACKAGES_WILD:-$kept/wild}
find_pip "$PYWASM_PACKAGES_WILD"
exec "$python" -B "$root/scripts/packages/programs.py" "$@"
