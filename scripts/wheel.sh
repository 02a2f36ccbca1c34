#!/usr/bin/env bash
# Makes the tool's wheel, which carries a base: who installs it needs no compiler and no network.
# The same sources and base give the same bytes. Needs a Python with what scripts/pins/wheel.txt names.
#
# usage: scripts/wheel.sh OUT_DIR BASE_DIR PYTHON
# for example: scripts/wheel.sh target/wheel "$(pywasm base path)" .venv/bin/python
set -euo pipefail
[ $# = 3 ] || { sed -n '2,/^set/s/^# \?//p' "$0" >&2; exit 2; }
out=$(realpath -m "$1")
PYWASM_EMBED_BASE=$(realpath "$2")
export PYWASM_EMBED_BASE
python=$(realpath -s "$3")
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# A variable that build scripts watch: with it, half of the dependencies would compile again.
# maturin gives each file of a wheel a fixed time without it, too.
unset SOURCE_DATE_EPOCH

cd "$root"
scripts/sbom.sh "$work" "$python" "$PYWASM_EMBED_BASE"
sed "s|^manifest-path = .*|manifest-path = \"$root/Cargo.toml\"|" scripts/wheel/pyproject.toml > "$work/pyproject.toml"
cp README.md "$work"
rm -rf "$out"
mkdir -p "$out"
(cd "$work" && "$python" -m maturin build --release --quiet --out "$work/wheel")
mv "$work"/wheel/*.whl "$work/pywasm.cdx.json" "$work/LICENSES.txt" "$out"
ls "$out"/*.whl
