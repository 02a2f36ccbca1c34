#!/usr/bin/env bash
# Compiles our own C files and links base.wasm from what build.sh left in its work folder, and component.wasm beside it.
#
# usage: link.sh WORK OUT.wasm [RUNTIME_FOLDER]      (a few seconds; RUNTIME_FOLDER: runtime/ beside this file)
#
# WORK/link.map is the linker's word on where each function and each byte of data comes from; areas.py reads it.
# frozen.c is no part of this: build.sh compiles it in the place of CPython's file of the same name.
set -euo pipefail
export LC_ALL=C
. "$1/settings"
target=$2 runtime=${3:-$recipe/runtime} source=$work/cross-source build=$work/cross

folder=$(mktemp -d "$work/objects/runtime.XXXXXX")
trap 'rm -rf "$folder"' EXIT
# What runs before a snapshot goes into snapshot.c, which empties the array: so it is not `const`.
"$work/native/python" -s -B "$recipe/freeze.py" _pywasm_snapshot "$runtime/_pywasm_snapshot.py" "$folder/_pywasm_snapshot.h" static

objects=()
for file in "$runtime"/*.c; do
  name=$(basename "$file" .c)
  [ "$name" != frozen ] || continue
  objects+=("$folder/$name.o")
  # shellcheck disable=SC2086
  "$work/bin/cc" -Os -DNDEBUG -g0 -std=c11 -Wall -Wextra $emulated -DPy_BUILD_CORE -I"$runtime" -I"$folder" -I"$source/Include" -I"$source/Parser" \
    -I"$source/Include/internal" -I"$source/Include/internal/mimalloc" -I"$build" -c "$file" -o "${objects[-1]}"
done

# Each symbol of wraps.txt is called through our own __wrap_ function.
wraps=()
if [ -f "$runtime/wraps.txt" ]; then
  while read -r symbol _; do
    case $symbol in '' | '#'*) ;; *) wraps+=("-Wl,--wrap=$symbol") ;; esac
  done < "$runtime/wraps.txt"
fi

# The whole C API goes in, and what the C library's headers name and the compiler's library has, for what extension
# modules will call; shaking takes out again what an app does not reach. It is asked for by name, since what is
# optimized at link time (hot.txt) would lose what nobody calls yet. Threads stay out: CPython has its own stand-ins by
# the same names; so does what unwinds C++ exceptions.
libc=$("$work/bin/cc" -print-file-name=libc.a)
names() { "$("$work/bin/cc" -print-prog-name=llvm-nm)" -j -g --defined-only --quiet "$@" | grep -E '^\w+$' | sort -u; }
{
  {
    cat "$source"/Include/*.h "$source"/Include/cpython/*.h
    find "$(dirname "$libc")/../../include/$(basename "$(dirname "$libc")")" -name '*.h' -not -path '*/c++/*' -exec cat {} +
  } | grep -oE '\w+' | sort -u | comm -12 - <(names "$build/libpython$series.a" "$libc")
  names "$("$work/bin/cc" -rtlib=compiler-rt -print-libgcc-file-name)"
} | grep -vE 'pthread|thrd_|tss_|personality' | sed 's/^/-Wl,--undefined=/' > "$folder/kept"

# shellcheck disable=SC2086
"$work/bin/cc" -o "$target" "${objects[@]}" "${wraps[@]}" "@$folder/kept" \
  -Wl,--whole-archive "$build/libpython$series.a" -Wl,--no-whole-archive \
  "$build/Modules/_decimal/libmpdec/libmpdec.a" "$build/Modules/expat/libexpat.a" "$build/Modules/_hacl/libHacl_Hash_SHA2.a" \
  -L"$work/deps/lib" -lsqlite3 -lz -lbz2 -llzma $emulations -ldl -lm \
  -Wl,--emit-relocs -Wl,--strip-debug -Wl,--no-gc-sections -Wl,--stack-first -Wl,-z,stack-size="$stack_size" \
  -Wl,--export=pywasm_python -Wl,--export=pywasm_image -Wl,--export=pywasm_fallback -Wl,-Map="$work/link.map"

# The component glue is two side modules: only components need it, and what the second one imports of the component model
# is only there on hosts of WASI 0.3. They find CPython as an extension module does.
glue() {
  local target=$1 file objects=()
  shift
  for file in "$@"; do
    objects+=("$folder/component-$file.o")
    # shellcheck disable=SC2086
    [ -f "${objects[-1]}" ] || "$work/bin/cc" -O2 -DNDEBUG -g0 -std=c11 -Wall -Wextra $emulated -fPIC -fvisibility=hidden \
      -fno-strict-overflow -I"$source/Include" -I"$build" -c "$recipe/component/$file.c" -o "${objects[-1]}"
  done
  "$work/bin/cc" -shared -nostdlib -o "$target" "${objects[@]}" \
    -Wl,--no-entry -Wl,--experimental-pic -Wl,--strip-debug -Wl,--unresolved-symbols=import-dynamic
  chmod 644 "$target"
}
common=(call check lift lower module resource)
glue "$(dirname "$target")/component.wasm" "${common[@]}" plain
glue "$(dirname "$target")/component-async.wasm" "${common[@]}" stream task
chmod 644 "$target"
