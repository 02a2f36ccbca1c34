#!/usr/bin/env bash
# Runs the tests that packages bring in their source distributions with pytest in an artifact, beside a native Python,
# and says which tests pass here and there. `scripts/package-tests.sh --help` tells the options.
#
# usage: scripts/package-tests.sh [--jobs N] [--table] [PACKAGE...]     (all packages, where none is named)
#
# Needs the tool, a base and a native Python, which `scripts/test.sh base` leaves; other ones by the
# variables PYWASM, PYWASM_HOME and PYWASM_NATIVE_PYTHON.
set -euo pipefail
. "$(dirname "$0")/setup.sh"

export PYWASM=${PYWASM:-$target/release/pywasm}
folder=${PYWASM_PACKAGE_TESTS:-$kept/package-tests}
# What the packages are installed with.
if [ ! -x "$folder/.pip/bin/pip" ]; then
  mkdir -p "$folder"
  python3 -m venv "$folder/.pip"
fi
if [ "${1:-}" != --install-only ]; then
  [ -x "$PYWASM" ] || fail "there is no $PYWASM: run scripts/test.sh base, or set PYWASM"
  find_native_python
fi
exec "$folder/.pip/bin/python" -B "$root/scripts/package_tests.py" --kept "$folder" "$@"
