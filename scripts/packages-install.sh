#!/usr/bin/env bash
# Installs what the cases of testdata/packages and testdata/check depend on, each into a folder of
# its own: FOLDER/CASE. testdata/packages/*requirements.txt pin every version and the SHA-256 of its file.
#
# usage: scripts/packages-install.sh FOLDER
set -euo pipefail
[ $# = 1 ] || { echo "usage: scripts/packages-install.sh FOLDER" >&2; exit 2; }
cases=$(cd "$(dirname "$0")/../testdata/packages" && pwd)
mkdir -p "$1"
folder=$(cd "$1" && pwd)

[ -x "$folder/.pip/bin/pip" ] || python3 -m venv "$folder/.pip"
declared() {
  "$folder/.pip/bin/python" -c '
import sys, tomllib
with open(sys.argv[1], "rb") as file:
    print("\n".join(tomllib.load(file)["project"]["dependencies"]))' "$1"
}
# Native wheels for Linux come where there are no others: a package may do without its native files. An
# older pip compares `Requires-Python` with its own Python.
mapfile -t platform < "$(dirname "$0")/wheel-target.txt"
platform+=(--ignore-requires-python)
# All files come first, each checked against its digest; the cases are installed from them alone.
pins=$(cat "$cases"/*requirements.txt | sha256sum)
if [ "$(cat "$folder/.files/pins" 2>/dev/null)" != "$pins" ]; then
  rm -rf "$folder/.files"
  for list in "$cases"/*requirements.txt; do
    "$folder/.pip/bin/pip" download -q --disable-pip-version-check --require-hashes --no-deps "${platform[@]}" \
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
  "$folder/.pip/bin/pip" install -q --disable-pip-version-check --no-compile "${platform[@]}" \
    --target "$folder/$name" --no-index --find-links "$folder/.files" "${wanted[@]}"
  printf '%s\n' "$pins" > "$folder/$name.pins"
done
