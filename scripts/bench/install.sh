# Sourced by bench-peers.sh and bench-pyperformance.sh, after setup.sh: finds the tool, a base and a native CPython, and
# installs the peers.
# In: PYWASM, PYWASM_BENCH_PYTHON, PYWASM_BENCH_DIR. Out: PYWASM, `native`, and `folder`, which has node_modules/ and venv/.
# shellcheck shell=bash

folder=${PYWASM_BENCH_DIR:-$target/bench}
find_tool base
"$PYWASM" base path >/dev/null || fail "there is no base: \`$PYWASM base build\`"
have python3 || fail "needs python3 with its venv module: \`apt-get install python3-venv\`"
have node && have npm || fail "needs node and npm: \`apt-get install nodejs npm\`"

native=${PYWASM_BENCH_PYTHON:-$(command -v python3.13 || command -v python3)}
"$native" -c '' || fail "cannot start the native CPython $native: name one with PYWASM_BENCH_PYTHON"

mkdir -p "$folder"
wanted=$(cat scripts/pins/bench.txt scripts/pins/bench/package-lock.json | key)
if [ "$(cat "$folder/installed" 2>/dev/null)" != "$wanted" ]; then
  step "install the peers in $folder"
  rm -rf "$folder/venv" "$folder/node_modules"
  install_pinned "$folder/venv" scripts/pins/bench.txt >&2 ||
    fail "cannot install scripts/pins/bench.txt: is the package index reachable, and has python3 its venv module?"
  cp scripts/pins/bench/package{,-lock}.json "$folder"
  npm ci --prefix "$folder" --no-audit --no-fund --silent --ignore-scripts >&2 ||
    fail "cannot install scripts/pins/bench/package-lock.json: is the registry reachable?"
  echo "$wanted" > "$folder/installed"
fi
