#!/usr/bin/env bash
# Disturbs the tool at random moments, and looks whether the next build is right: it dies, the disk is full, permissions
# are missing, answers of servers are cut, eight builds share a cache, times of files are wrong, sources change.
#
# usage: scripts/faults.sh [--seed N] [--rounds N] [--only KIND] [--quick]
#
# Needs the tool, a base, uv, wheels and a registry, which `scripts/test.sh engines` leaves; other ones by the variables
# PYWASM, PYWASM_HOME, PYWASM_NATIVE_PYTHON, PYWASM_TEST_VENV and PYWASM_WHEELS. As root, it fills a small file system,
# and takes permissions away as another user; else it limits the size of files, and acts as the user who starts it.
set -euo pipefail
. "$(dirname "$0")/setup.sh"

find_tool engines
find_native_python
export PYWASM_TEST_VENV=${PYWASM_TEST_VENV:-$(newest venv)/venv}
export PYWASM_WHEELS=${PYWASM_WHEELS:-$(newest wheels)}
for folder in "$PYWASM_TEST_VENV" "$PYWASM_WHEELS"; do
  [ -d "$folder" ] || fail "there are no wheels and no installers: run scripts/test.sh engines"
done
exec "$PYWASM_NATIVE_PYTHON" -B -s -X utf8 "$root/scripts/faults/main.py" --kept "$kept/faults" "$@"
