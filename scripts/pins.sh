#!/usr/bin/env bash
# Renews the SHA-256 of each file from the Python index that scripts and tests install. Versions stay
# as they are named; to change one, change it in scripts/pins/*.in or in the list below testdata/ first.
# A list of scripts/pins with an `.in` has all that it needs, for each platform; the others have the one
# file per line that scripts/packages/platform.txt chooses.
#
# usage: scripts/pins.sh [PYTHON]     a Python with pip and uv, by default that of the newest test set-up
set -euo pipefail
. "$(dirname "$0")/setup.sh"
python=${1:-$(newest venv)/venv/bin/python}

for list in scripts/pins/*.in; do
  step "$list"
  (cd scripts/pins && "$python" -m uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
    --no-header --no-annotate --no-emit-index-url "$(basename "$list")" --output-file "$(basename "${list%.in}.txt")")
done

step scripts/pins/bench/package-lock.json
if have npm; then
  # Without the addresses: each file has its SHA-512.
  (cd scripts/pins/bench && npm install --package-lock-only --omit-lockfile-registry-resolved --no-audit --no-fund --silent)
fi

read_platform
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# pin LIST OPTIONS OF pip download...
pin() {
  local list=$1 plain=$work/plain.txt files=$work/files
  shift
  step "$list"
  rm -rf "$files"
  sed 's/ --hash=.*//' "$list" > "$plain"
  "$python" -m pip download -q --disable-pip-version-check --no-deps --dest "$files" "$@" -r "$plain"
  "$python" scripts/pins/write.py "$files" < "$plain" > "$work/new.txt"
  cat "$work/new.txt" > "$list"
}
pin testdata/dependencies/requirements.txt "${platform[@]}"
pin testdata/dependencies/sources.txt --no-build-isolation --no-binary docopt
pin testdata/packages/requirements.txt "${platform[@]}" --ignore-requires-python
pin testdata/packages/check-requirements.txt "${platform[@]}" --ignore-requires-python
pin scripts/pins/pyperformance.txt
