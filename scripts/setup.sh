# Sourced by demo.sh and test.sh: what both need on a fresh Debian. Goes to the project's folder.
# In: nothing. Out: `root`, `target`, the two lists of packages, and functions.
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

need_rust() {
  have cargo || fail "needs Rust 1.95 or newer, and there is no cargo on the PATH"
}
