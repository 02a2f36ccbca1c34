#!/usr/bin/env bash
# Installs what the cases of testdata/packages and testdata/check depend on, each into a folder of
# its own: FOLDER/CASE. testdata/packages/*requirements.txt pin every version and the SHA-256 of its file.
#
# usage: scripts/packages/install.sh FOLDER
set -euo pipefail
[ $# = 1 ] || { echo "usage: scripts/packages/install.sh FOLDER" >&2; exit 2; }
mkdir -p "$1"
folder=$(realpath "$1")
. "$(dirname "$0")/../setup.sh"
cases=testdata/packages

find_pip "$folder"
declared() {
  "$python" -c '
import sys, tomllib
with open(sys.argv[1], "rb") as file:
    print("\n".join(tomllib.load(file)["project"]["dependencies"]))' "$1"
}
read_platform
# An older pip compares `Requires-Python` with its own Python.
platform+=(--ignore-requires-python)
# All files come first, each checked against its digest; the cases are installed from them alone.
pins=$(cat "$cases"/*requirements.txt | sha256sum)
if [ "$(cat "$folder/.files/pins" 2>/dev/null)" != "$pins" ]; then
  rm -rf "$folder/.files"
  for list in "$cases"/*requirements.txt; do
    "$python" -m pip download -q --disable-pip-version-check --require-hashes --no-deps "${platform[@]}" \
      --dest "$folder/.files" -r "$list"
  done
  printf '%s\n' "$pins" > "$folder/.files/pins"
fi
for case in "$cases"/*/ "$cases"/../check/*/; do
  name=$(basename "$case")
  mapfile -t wanted < <(declared "$case/pyproject.toml")
  pins=$({ printf '%s\n' "${wanted[@]}"; cat "$cases"/*requirements.txt; } | sha256sum)
  [ "$(cat "$folder/$name.pins" 2>/dev/null)" = "$pins" ] && continue
  rm -rf "${folder:?}/$name"
  "$python" -m pip install -q --disable-pip-version-check --no-compile "${platform[@]}" \
    --target "$folder/$name" --no-index --find-links "$folder/.files" "${wanted[@]}"
  printf '%s\n' "$pins" > "$folder/$name.pins"
done
