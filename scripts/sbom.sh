#!/usr/bin/env bash
# Makes the SBOM of the tool itself, and the licences of all that is inside: OUT_DIR/pywasm.cdx.json and
# OUT_DIR/LICENSES.txt. With BASE_DIR for a tool that carries this base. PYTHON has what scripts/pins/wheel.txt names.
#
# usage: scripts/sbom.sh OUT_DIR PYTHON [BASE_DIR]
set -euo pipefail
[ $# = 2 ] || [ $# = 3 ] || { sed -n '2,/^set/s/^# \?//p' "$0" >&2; exit 2; }
out=$(realpath -m "$1")
python=$(realpath -s "$2")
base=${3:+$(realpath "$3")}
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
target=$(rustc -vV | sed -n 's/^host: //p')
cargo metadata --format-version 1 --locked ${base:+--features embed-base} \
  --filter-platform "$target" > "$work/metadata.json"
cargo tree --locked --package pywasm-cli ${base:+--features embed-base} --target "$target" \
  --edges normal,no-proc-macro --prefix none --format '{p}' | sort -u > "$work/tree"
"$python" -B scripts/wheel/contents.py Cargo.lock "$work/tree" crates/pywasm-base/recipe "$out" ${base:+"$base"} < "$work/metadata.json"
