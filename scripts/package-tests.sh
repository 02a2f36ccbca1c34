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

folder=${PYWASM_PACKAGE_TESTS:-$kept/package-tests}
find_pip "$folder"
if [ "${1:-}" != --install-only ]; then
  find_tool base
  find_native_python
fi
exec "$python" -B "$root/scripts/packages/tests.py" --kept "$folder" "$@"
