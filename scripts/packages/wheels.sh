#!/usr/bin/env bash
# Fetches the wheels and sources that the tests install without a network: FOLDER/*.whl, *.tar.gz.
# testdata/dependencies/*.txt pins every version and the SHA-256 of its file.
# PYTHON prepares the source with its own setuptools, so that no other comes along unchecked.
#
# usage: scripts/packages/wheels.sh FOLDER PYTHON      with a PYTHON that has pip
set -euo pipefail
[ $# = 2 ] || { echo "usage: scripts/packages/wheels.sh FOLDER PYTHON" >&2; exit 2; }
mkdir -p "$1"
folder=$(realpath "$1") python=$(realpath -s "$2")
. "$(dirname "$0")/../setup.sh"
lists=testdata/dependencies

pins=$(cat "$lists"/*.txt | sha256sum)
[ "$(cat "$folder/pins" 2>/dev/null)" != "$pins" ] || exit 0
rm -f "$folder"/*.whl "$folder"/*.tar.gz
read_platform
"$python" -m pip download -q --disable-pip-version-check --require-hashes --no-deps --dest "$folder" "${platform[@]}" -r "$lists/requirements.txt"
"$python" -m pip download -q --disable-pip-version-check --require-hashes --no-build-isolation --no-deps --no-binary docopt \
  --dest "$folder" -r "$lists/sources.txt"
printf '%s\n' "$pins" > "$folder/pins"
