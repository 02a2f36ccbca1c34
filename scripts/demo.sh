#!/usr/bin/env bash
# From a fresh machine to a Python program that runs as one WebAssembly module:
# installs what is missing (Debian, root or sudo), builds the tool, makes the base where there is
# none yet, builds an app of testdata and runs it on a log.
set -euo pipefail
. "$(dirname "$0")/setup.sh"

install_packages "${tool_packages[@]}" "${base_packages[@]}"
need_rust
share_compiled
step "build pywasm"
cargo build --release --workspace --locked
pywasm=$target/release/pywasm

step "build testdata/apps/logstats"
"$pywasm" build testdata/apps/logstats --out-dir target/demo

step "run it: pywasm run target/demo/logstats.wasm --dir ...::/logs -- /logs/access.jsonl"
"$pywasm" run target/demo/logstats.wasm --dir testdata/apps/logstats/cases/logs::/logs -- /logs/access.jsonl

step "what was made"
ls -l target/demo >&2
