#!/usr/bin/env bash
# Makes the tool's release twice from the last commit, and compares all files: two clones, two target folders and two
# copies of cargo's crates, at paths of different lengths. Compiles everything twice: about an hour on 2 cores.
#
# usage: scripts/release-twice.sh FOLDER BASE_DIR      with an empty FOLDER, best outside of this clone
# for example: scripts/release-twice.sh /var/tmp/twice "$(pywasm base path)"
set -euo pipefail
[ $# = 2 ] || { sed -n '2,/^set/s/^# \?//p' "$0" >&2; exit 2; }
mkdir -p "$1"
folder=$(cd "$1" && pwd)
base=$(realpath "$2")
. "$(dirname "$0")/setup.sh"
[ -z "$(ls -A "$folder")" ] || fail "$folder is not empty"

# make_release NAME CLONE: a release in FOLDER/NAME/out, from a clone in FOLDER/NAME/CLONE.
make_release() {
  local place=$folder/$1 clone=$folder/$1/$2
  mkdir -p "$place/cargo/registry"
  git clone -q "$root" "$clone"
  # The archives of the crates: cargo compares each with Cargo.lock and unpacks it.
  cp -r "${CARGO_HOME:-$HOME/.cargo}"/registry/{cache,index} "$place/cargo/registry" 2>/dev/null || true
  step "make the release in $clone"
  env -u CARGO_BUILD_BUILD_DIR CARGO_HOME="$place/cargo" CARGO_TARGET_DIR="$place/target" "$clone/scripts/release.sh" "$place/out" "$base" >&2
}
make_release one pywasm
make_release another a/clone/of/pywasm/with/a/longer/path

if ! diff <(cd "$folder/one/out" && sha256sum -- *) <(cd "$folder/another/out" && sha256sum -- *) >&2; then
  fail "these files differ"
fi
cat "$folder/one/out/SHA256SUMS"
step "both releases have the same bytes"
