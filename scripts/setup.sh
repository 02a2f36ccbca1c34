# Sourced by demo.sh and test.sh: what both need on a fresh Debian. Goes to the project's folder.
# In: nothing. Out: `root`, `target`, the two lists of packages, and functions.
#
# What takes long is kept in the user's cache, under a key made from everything it depends on, so
# that another clone on the same machine compiles this project's own crates only.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root" || exit 1
target=${CARGO_TARGET_DIR:-$root/target}

# What the tool is compiled with, and what its base is compiled with.
tool_packages=(gcc g++ make pkg-config ca-certificates)
base_packages=(clang-19 lld-19 llvm-19 libclang-rt-19-dev-wasm32 gcc libc6-dev make tcl xz-utils patch)

step() { printf '\n== %s\n' "$*" >&2; }
fail() { printf '%s: %s\n' "$(basename "$0")" "$*" >&2; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; elif have sudo; then sudo "$@"; else fail "needs root or sudo for: $*"; fi
}

# Installs those of the named Debian packages that are not there yet.
install_packages() {
  local package missing=()
  for package in "$@"; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  have apt-get || fail "needs these packages, and there is no apt-get to install them: ${missing[*]}"
  step "install ${missing[*]}"
  as_root apt-get update -q >&2
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}" >&2
}

# install_pinned FOLDER LIST: a virtual environment with what LIST names, each file with the SHA-256 that
# the list has for it.
install_pinned() {
  python3 -m venv "$1"
  "$1/bin/python" -m pip install -q --disable-pip-version-check --require-hashes -r "$2"
}

# find_pip FOLDER: sets `python` to one in FOLDER that has pip, and installs it there at the first call.
find_pip() {
  python=$1/.pip/bin/python
  [ -x "$1/.pip/bin/pip" ] || { mkdir -p "$1" && python3 -m venv "$1/.pip"; }
}

# The options of pip with which it chooses wheels as pywasm does: native ones for Linux come where there are no others.
read_platform() { mapfile -t platform < scripts/packages/platform.txt; }

need_rust() {
  have cargo || fail "needs Rust 1.95 or newer, and there is no cargo on the PATH"
}

# What earlier runs made, in any clone.
kept=${XDG_CACHE_HOME:-${HOME:-~}/.cache}/pywasm-setup

# 16 hex digits of the SHA-256 of the standard input.
key() { sha256sum | cut -c1-16; }

# keep NAME: the folder for NAME whose key is made from the standard input. Folders of older keys leave.
keep() {
  local folder older
  folder=$kept/$1-$(key)
  mkdir -p "$folder"
  touch "$folder"
  for older in $(ls -dt "$kept/$1"-* | tail -n +4); do rm -rf "$older"; done
  printf '%s\n' "$folder"
}

# newest NAME: the folder that `keep NAME` gave last, if there is one.
newest() { ls -dt "$kept/$1"-* 2>/dev/null | head -n 1 || true; }

# find_tool TIER: exports PYWASM, as the caller has it, or the tool that scripts/test.sh TIER compiles.
find_tool() {
  export PYWASM=${PYWASM:-$target/release/pywasm}
  [ -x "$PYWASM" ] || fail "there is no $PYWASM: run scripts/test.sh $1, or set PYWASM"
}

# Exports PYWASM_NATIVE_PYTHON: as the caller has it, or what the newest build of a base left.
find_native_python() {
  local work
  if [ -z "${PYWASM_NATIVE_PYTHON:-}" ]; then
    for work in $(ls -dt "$kept"/base-*/work 2>/dev/null); do
      [ -f "$work/done" ] && PYWASM_NATIVE_PYTHON=$work/native/python && break
    done
  fi
  [ -n "${PYWASM_NATIVE_PYTHON:-}" ] || fail "there is no native Python: run scripts/test.sh base, or set PYWASM_NATIVE_PYTHON"
  export PYWASM_NATIVE_PYTHON
}

# Lets no path of this machine into what is compiled into CARGO_TARGET_DIR: the sources, cargo's copies of
# the crates and the target folder get names that are the same everywhere.
map_paths() {
  local registry=${CARGO_HOME:-$HOME/.cargo}/registry/src folder names=() rust=() c=()
  [[ $registry$root$CARGO_TARGET_DIR != *[[:space:]]* ]] || fail "cannot map a path with white space: $registry, $root or $CARGO_TARGET_DIR"
  unset CARGO_BUILD_BUILD_DIR CARGO_INCREMENTAL RUSTFLAGS SOURCE_DATE_EPOCH
  cargo fetch --quiet --locked
  # The last that fits is used, and the target folder may be within the sources.
  for folder in "$registry"/*; do names+=("$folder=/crates"); done
  names+=("$root=/pywasm" "$CARGO_TARGET_DIR=/build")
  for folder in "${names[@]}"; do
    rust+=("--remap-path-prefix=$folder") c+=("-ffile-prefix-map=$folder")
  done
  CARGO_ENCODED_RUSTFLAGS=$(IFS=$'\x1f'; printf '%s' "${rust[*]}")
  CFLAGS=${c[*]} CXXFLAGS=${c[*]}
  export CARGO_ENCODED_RUSTFLAGS CFLAGS CXXFLAGS
}

# Lets cargo keep what it compiles in the cache: every clone finds the dependencies there, while the
# finished programs stand in the clone's own target folder. Cargo cannot tell the crates of two clones
# apart, so this clone's are compiled again after another one used the folder, and the lock is held
# until this script ends.
share_compiled() {
  mkdir -p "$kept"
  exec 9> "$kept/lock"
  flock --nonblock 9 || { step "wait for another run, which holds $kept/lock"; flock 9; }
  local older
  older=$(newest cargo)
  CARGO_BUILD_BUILD_DIR=$({ rustc -vV; cat Cargo.toml Cargo.lock; } | keep cargo)
  export CARGO_BUILD_BUILD_DIR
  # Crates of an older Cargo.lock are mostly the same, and cargo finds those that are. It deletes none of the
  # others, so a folder that has grown large is left behind.
  if [ -d "$older/release" ] && [ ! -d "$CARGO_BUILD_BUILD_DIR/release" ] && [ "$(du -sk "$older" | cut -f1)" -lt 8000000 ]; then
    rm -rf "$CARGO_BUILD_BUILD_DIR"
    mv "$older" "$CARGO_BUILD_BUILD_DIR"
  fi
  local owner=$CARGO_BUILD_BUILD_DIR/owner
  if [ "$(cat "$owner" 2>/dev/null)" != "$root" ]; then
    rm -f "$owner"
    find "$CARGO_BUILD_BUILD_DIR" -maxdepth 3 -path '*/.fingerprint/*pywasm*' -exec rm -rf {} +
    find "$CARGO_BUILD_BUILD_DIR" -maxdepth 3 \( -path '*/deps/*pywasm*' -o -path '*/build/*pywasm*' \) -exec rm -rf {} +
    printf '%s\n' "$root" > "$owner"
  fi
}
