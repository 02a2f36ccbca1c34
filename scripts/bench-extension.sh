#!/usr/bin/env bash
# Compares the C module of testdata/apps/fastlog with the same functions in Python. Both take turns in one run of one
# artifact.
#
# usage: scripts/bench-extension.sh [LINES]
#
# In:  a built pywasm with a base (PYWASM_BIN, or target/release/pywasm).
# Out: nanoseconds per call, on stdout.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

pywasm=${PYWASM_BIN:-$target/release/pywasm}
[ -x "$pywasm" ] || fail "there is no $pywasm: \`cargo build --release --workspace\`, or name another with PYWASM_BIN"
for aim in size speed; do
  step "build for $aim"
  "$pywasm" build testdata/apps/fastlog --entry fastlog.bench --name "fastlog-$aim" --optimize "$aim" \
    --out-dir "$target/bench-extension" >&2
  printf 'optimize = "%s"\n' "$aim"
  "$pywasm" run "$target/bench-extension/fastlog-$aim.wasm" -- "${1:-20000}"
done
