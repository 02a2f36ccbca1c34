#!/usr/bin/env bash
# Sets up what the tests of a tier need, and runs them. What the script makes is kept in the user's
# cache; the next run finds it there, in this clone or another one.
#
# usage: scripts/test.sh [fast|base|engines|all] [ARGUMENTS OF cargo test...]
#
#   fast     parsing, resolution, linking, reports and errors: needs Rust and a C++ compiler only
#   base     builds with a real base, compared with a native Python
#   engines  other engines, a browser, a registry and installers
#   all      lint and all tiers; what runs without a first argument
#
# for example: scripts/test.sh base transcripts
set -euo pipefail
. "$(dirname "$0")/setup.sh"

wasmi_version=2.0.0 wasmi_sha256=cf3578023212857ec62be6bc82a2e1fca755b2738b6f8aa90339691197324f4f

tier=all
case "${1:-}" in fast | base | engines | all) tier=$1; shift ;; esac
# What stands after `--` is for the test programs.
options=() filters=()
while [ $# -gt 0 ]; do
  if [ "$1" = -- ]; then shift; filters=("$@"); break; fi
  options+=("$1"); shift
done

# The base, and the native interpreter that its build leaves: the apps are compared with that.
# A changed recipe makes both again.
set_up_base() {
  recipe=$(find crates/pywasm-base/recipe -type f -not -path "*/__pycache__/*" -print0 | sort -z | xargs -0 sha256sum | sha256sum)
  base_work=$(printf '%s\n' "$recipe" | keep base)/work
  export PYWASM_NATIVE_PYTHON=$base_work/native/python
  native_is_whole() { "$PYWASM_NATIVE_PYTHON" -c 'import bz2, lzma, sqlite3, zlib' 2>/dev/null; }
  if [ -f "$base_work/done" ] && native_is_whole && "$pywasm" base list | grep -q "this pywasm.s recipe"; then
    step "the base is there: $("$pywasm" base path)"
  else
    step "build the base"
    rm -rf "$base_work"
    "$pywasm" base build --work "$base_work"
    native_is_whole || fail "the native Python at $PYWASM_NATIVE_PYTHON lacks bz2, lzma, sqlite3 or zlib"
    touch "$base_work/done"
  fi
  # The tests get the home that holds the base: HOME/bases/ID.
  base=$("$pywasm" base path)
  PYWASM_HOME=$(dirname "$(dirname "$base")")
  # The home may hold bases of other recipes, too.
  PYWASM_TEST_BASE=$base
  export PYWASM_HOME PYWASM_TEST_BASE
}

# What the tests of other engines, installers and servers need, beside a base.
set_up_engines() {
  # Packages for Python: an engine, installers, validators, a server, and what makes the wheel.
  PYWASM_TEST_VENV=$({ cat scripts/pins/tests.txt; python3 --version; } | keep venv)/venv
  export PYWASM_TEST_VENV
  if [ ! -f "$PYWASM_TEST_VENV/done" ]; then
    step "install the Python packages of scripts/pins/tests.txt"
    rm -rf "$PYWASM_TEST_VENV"
    install_pinned "$PYWASM_TEST_VENV" scripts/pins/tests.txt
    touch "$PYWASM_TEST_VENV/done"
  fi
  # What the tests install, from a folder: no test needs a network.
  PYWASM_WHEELS=$(cat testdata/dependencies/*.txt | keep wheels)
  export PYWASM_WHEELS
  step "fetch the wheels that the tests install"
  scripts/packages/wheels.sh "$PYWASM_WHEELS" "$PYWASM_TEST_VENV/bin/python"
  # A source distribution with a C extension, checked against its digest.
  markupsafe=3.0.3 markupsafe_sha256=722695808f4b6457b320fdc131280796bdceb04ab50fe1795cd540799ebe1698
  PYWASM_TEST_SDISTS=$(printf '%s\n' "$markupsafe_sha256" | keep sdists)/sdists
  export PYWASM_TEST_SDISTS
  if [ ! -f "$PYWASM_TEST_SDISTS/markupsafe/src/markupsafe/_speedups.c" ]; then
    step "fetch the source distribution of markupsafe $markupsafe"
    rm -rf "$PYWASM_TEST_SDISTS"
    mkdir -p "$PYWASM_TEST_SDISTS/markupsafe"
    "$PYWASM_TEST_VENV/bin/python" -m pip download -q --disable-pip-version-check --no-build-isolation --no-deps --no-binary :all: \
      --dest "$PYWASM_TEST_SDISTS" --require-hashes -r <(printf '%s\n' "markupsafe==$markupsafe --hash=sha256:$markupsafe_sha256")
    archive=$PYWASM_TEST_SDISTS/markupsafe-$markupsafe.tar.gz
    tar xf "$archive" -C "$PYWASM_TEST_SDISTS/markupsafe" --strip-components=1 --no-same-owner
  fi
  wasmi=$({ rustc -vV; printf '%s\n' "$wasmi_version"; } | keep wasmi)
  export PYWASM_WASMI=$wasmi/bin/wasmi
  if [ "$("$PYWASM_WASMI" --version 2>/dev/null)" != "wasmi $wasmi_version" ]; then
    step "install wasmi $wasmi_version"
    env -u CARGO_BUILD_BUILD_DIR cargo install -q wasmi_cli --version "$wasmi_version" --locked --no-default-features --features run,wasi,auto-dispatch \
      --root "$wasmi" --target-dir "$wasmi/build"
    # Cargo compares a crate with the index only, and this one has no line in our Cargo.lock.
    for crate in "${CARGO_HOME:-$HOME/.cargo}"/registry/cache/*/"wasmi_cli-$wasmi_version.crate"; do
      echo "$wasmi_sha256  $crate" | sha256sum --check --quiet || { rm -rf "$wasmi"; fail "$crate is not the one that is known"; }
    done
    rm -rf "$wasmi/build"
  fi
  wasmedge=$(cat scripts/wasmedge.sh | keep wasmedge)
  export PYWASM_WASMEDGE=$wasmedge/bin
  "$PYWASM_WASMEDGE/wasmedge" --version >/dev/null 2>&1 || scripts/wasmedge.sh "$wasmedge"

  PYWASM_PACKAGES=$(cat testdata/packages/*requirements.txt testdata/{packages,check}/*/pyproject.toml | keep packages)
  export PYWASM_PACKAGES
  step "install the packages of testdata/packages"
  scripts/packages/install.sh "$PYWASM_PACKAGES"
  export PYWASM_PACKAGE_TESTS=$kept/package-tests
  step "install a package with its own tests"
  scripts/package-tests.sh --install-only itsdangerous

  step "make the wheel"
  scripts/wheel.sh "$target/wheel" "$base" "$PYWASM_TEST_VENV/bin/python" >/dev/null
  PYWASM_TOOL_WHEEL=$(ls "$target"/wheel/*.whl)
  export PYWASM_TOOL_WHEEL
}

cargo_test() {
  cargo test --release --workspace --locked --no-fail-fast "$@"
}

if [ "$tier" != fast ]; then
  install_packages "${tool_packages[@]}" "${base_packages[@]}" libsqlite3-dev zlib1g-dev libbz2-dev liblzma-dev
fi
if [ "$tier" = engines ] || [ "$tier" = all ]; then
  install_packages chromium fonts-dejavu-core python3 python3-venv docker-registry apache2-utils minisign
  have node || install_packages nodejs
fi
need_rust
share_compiled

if [ "$tier" = all ]; then
  if cargo fmt --version >/dev/null 2>&1; then
    step "look at the layout of the sources"
    cargo fmt --all --check
  fi
  if cargo clippy --version >/dev/null 2>&1; then
    step "lint"
    cargo clippy --release --workspace --all-targets --locked -- -D warnings
    cargo clippy --release --workspace --test suite --locked -- -D warnings
  fi
fi
if [ "$tier" = all ]; then scripts/deny.sh; fi
# The tests are compiled first, and the tool with them, so that everything compiles once.
step "compile the tool and the tests"
if [ "$tier" != fast ]; then cargo_test --test suite --no-run; fi
if [ "$tier" = fast ] || [ "$tier" = all ]; then cargo_test --no-run; fi
pywasm=$target/release/pywasm

if [ "$tier" != fast ]; then set_up_base; fi
if [ "$tier" = engines ] || [ "$tier" = all ]; then set_up_engines; fi

step "run the tests"
case $tier in
  fast) cargo_test "${options[@]}" -- "${filters[@]}" ;;
  base) cargo_test --test suite "${options[@]}" -- --skip engines:: "${filters[@]}" ;;
  engines) cargo_test --test suite "${options[@]}" -- --skip base:: "${filters[@]}" ;;
  all)
    passed=true
    cargo_test "${options[@]}" -- "${filters[@]}" || passed=false
    cargo_test --test suite "${options[@]}" -- "${filters[@]}" || passed=false
    $passed || fail "there are tests that failed"
    ;;
esac
step "all tests passed"
