#!/usr/bin/env bash
# Compiles the C files twice: each to a wasm module with the toolchain of the base, all to a library of this machine.
#
# usage: build.sh OUT      (WASI_SDK_PATH, else clang-19)
# Out: OUT/fib.wasm, OUT/sieve.wasm, OUT/native.so
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd) out=$1
clang=${WASI_SDK_PATH:+$WASI_SDK_PATH/bin/}clang
[ -n "${WASI_SDK_PATH:-}" ] || clang=clang-19
mkdir -p "$out"
for name in fib sieve; do
  # The link has no `-O`: clang would run any wasm-opt that it finds.
  "$clang" --target=wasm32-wasi -ffreestanding -nostdlibinc -O2 -g0 -Wall -Wextra -c "$here/$name.c" -o "$out/$name.o"
  "$clang" --target=wasm32-wasi -nostdlib -Wl,--no-entry -Wl,--strip-all "$out/$name.o" -o "$out/$name.wasm"
  rm "$out/$name.o"
done
cc -O2 -g0 -Wall -Wextra -shared -fPIC "$here/fib.c" "$here/sieve.c" -o "$out/native.so"
