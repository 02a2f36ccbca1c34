#!/usr/bin/env bash
# Compares the C module of testdata/apps/fastlog with the same functions in Python. Both take turns in one run of one
# artifact.
#
# usage: scripts/bench-extension.sh [LINES]
#
# In:  a built pywasm with a base (PYWASM, or target/release/pywasm).
# Out: nanoseconds per call, on stdout.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

find_tool base
for aim in size speed; do
  step "build for $aim"
  "$PYWASM" build testdata/apps/fastlog --entry fastlog.bench --name "fastlog-$aim" --optimize "$aim" \
    --out-dir "$target/bench-extension" >&2
  printf 'optimize = "%s"\n' "$aim"
  "$PYWASM" run "$target/bench-extension/fastlog-$aim.wasm" -- "${1:-20000}"
done
