#!/usr/bin/env bash
# Fetches the wheels and sources that the tests install without a network: FOLDER/*.whl, *.tar.gz.
# testdata/dependencies/*.txt pins every version and the SHA-256 of its file.
# PYTHON prepares the source with its own setuptools, so that no other comes along unchecked.
#
# usage: scripts/wheels.sh FOLDER PYTHON      with a PYTHON that has pip
set -euo pipefail
[ $# = 2 ] || { echo "usage: scripts/wheels.sh FOLDER PYTHON" >&2; exit 2; }
lists=$(cd "$(dirname "$0")/../testdata/dependencies" && pwd)
mkdir -p "$1"
folder=$(cd "$1" && pwd)

pins=$(cat "$lists"/*.txt | sha256sum)
[ "$(cat "$folder/pins" 2>/dev/null)" != "$pins" ] || exit 0
rm -f "$folder"/*.whl "$folder"/*.tar.gz
# Native wheels for Linux come where there are no others, as pywasm chooses them.
mapfile -t platform < "$(dirname "$0")/wheel-target.txt"
"$2" -m pip download -q --disable-pip-version-check --require-hashes --no-deps --dest "$folder" "${platform[@]}" -r "$lists/requirements.txt"
"$2" -m pip download -q --disable-pip-version-check --require-hashes --no-build-isolation --no-deps --no-binary docopt \
  --dest "$folder" -r "$lists/sources.txt"
printf '%s\n' "$pins" > "$folder/pins"
