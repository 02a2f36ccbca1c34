#!/usr/bin/env bash
# Makes what the tool's own release consists of, for the target of this machine: an archive, a
# wheel, checksums, an SBOM and the licences of everything inside. The same sources and base give
# the same bytes, with no path of this machine in them.
#
# usage: scripts/release.sh [OUT_DIR [BASE_DIR]]     by default target/dist, and the base of this pywasm's recipe
set -euo pipefail
out=$(realpath -m "${1:-target/dist}")
base=${2:+$(realpath "$2")}
. "$(dirname "$0")/setup.sh"

install_packages "${tool_packages[@]}" python3 python3-venv
[ -n "$base" ] || install_packages "${base_packages[@]}"
need_rust

# A folder of its own, since other flags make other objects: no path of this machine stays in them.
export CARGO_TARGET_DIR=$target/release-build
map_paths

python=$CARGO_TARGET_DIR/venv/bin/python
if ! cmp -s scripts/pins/wheel.txt "$CARGO_TARGET_DIR/venv/pins"; then
  step "install what makes the wheel"
  rm -rf "$CARGO_TARGET_DIR/venv"
  install_pinned "$CARGO_TARGET_DIR/venv" scripts/pins/wheel.txt
  cp scripts/pins/wheel.txt "$CARGO_TARGET_DIR/venv/pins"
fi
if [ -z "$base" ]; then
  step "compile the tool, for its base"
  cargo build --release --locked
  pywasm=$CARGO_TARGET_DIR/release/pywasm
  "$pywasm" base list | grep -q "this pywasm.s recipe" || "$pywasm" base build
  base=$("$pywasm" base path)
fi

step "make the wheel, with the base in $base"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
wheel=$(scripts/wheel.sh "$work/wheel" "$base" "$python")
"$CARGO_TARGET_DIR/release/pywasm" base verify "$base/"

step "make the archive"
version=$("$CARGO_TARGET_DIR/release/pywasm" --version | cut -d ' ' -f 2)
name=pywasm-$version-$(rustc -vV | sed -n 's/^host: //p')
mkdir -p "$work/$name" "$work/out"
cp "$CARGO_TARGET_DIR/release/pywasm" README.md LICENSE "$work/wheel/LICENSES.txt" "$work/wheel/pywasm.cdx.json" "$work/$name"
chmod 755 "$work/$name" "$work/$name/pywasm"
chmod 644 "$work/$name"/*.* "$work/$name/LICENSE"
tar -C "$work" --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner --format=ustar -c "$name" \
  | gzip -9 -n > "$work/out/$name.tar.gz"
cp "$wheel" "$work/wheel/LICENSES.txt" "$work/wheel/pywasm.cdx.json" "$work/out"
(cd "$work/out" && LC_ALL=C sha256sum -- * > "$work/SHA256SUMS")
mv "$work/SHA256SUMS" "$work/out"
chmod 755 "$work/out"
rm -rf "$out"
mkdir -p "$(dirname "$out")"
mv "$work/out" "$out"
step "wrote $out"
cat "$out/SHA256SUMS"
