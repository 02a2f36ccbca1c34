#!/usr/bin/env bash
# Builds a base: a static CPython for WASI preview 1, linked with its relocations kept.
#
# In:  fetched source archives and a toolchain, named by environment variables (see below).
# Out: $PYWASM_OUT with base.wasm, stdlib/, include/, licenses/ and manifest.json (without `id`, `recipe` and `files`).
#
#   PYWASM_PYTHON_VERSION  which of the versions in sources.json, e.g. 3.13.15
#   PYWASM_SOURCES         folder with the archives that sources.json names
#   PYWASM_RECIPE          this folder
#   PYWASM_WORK            an empty folder to work in; native/python there stays usable
#   PYWASM_OUT             the folder to fill
#   PYWASM_CLANG PYWASM_AR PYWASM_RANLIB PYWASM_SYSROOT   the cross toolchain
#   PYWASM_RESOURCE_DIR    clang's resource folder, where it is not clang's own (optional)
#   PYWASM_JOBS            how many jobs at once
#
# stdout has one line `step: ...` for each step; all else goes to $PYWASM_WORK/build.log.
# The work folder keeps what link.sh needs, so that a change in runtime/ is one quick link away.
set -euo pipefail
for name in PYTHON_VERSION SOURCES RECIPE WORK OUT CLANG AR RANLIB SYSROOT JOBS; do
  variable=PYWASM_$name
  [ -n "${!variable:-}" ] || { echo "build.sh: $variable is not set" >&2; exit 2; }
done
mkdir -p "$PYWASM_WORK" "$PYWASM_OUT"
recipe=$(cd "$PYWASM_RECIPE" && pwd) work=$(cd "$PYWASM_WORK" && pwd) out=$(cd "$PYWASM_OUT" && pwd)
sources=$(cd "$PYWASM_SOURCES" && pwd) sysroot=$(cd "$PYWASM_SYSROOT" && pwd)
series=${PYWASM_PYTHON_VERSION%.*}
exec 3>&1 >>"$work/build.log" 2>&1
step() { echo "step: $*" >&3; echo "=== $*"; }
trap 'echo "build.sh failed at line $LINENO"' ERR
trap 'kill $(jobs -p) 2>/dev/null || true' EXIT

# Nothing of the caller's surroundings may steer a compiler or an interpreter.
unset CFLAGS CPPFLAGS CXXFLAGS LDFLAGS LIBS CPATH C_INCLUDE_PATH LIBRARY_PATH MAKEFLAGS MFLAGS CONFIG_SITE CDPATH
unset PYTHONHOME PYTHONPATH PYTHONSTARTUP PYTHONPLATLIBDIR PYTHONOPTIMIZE PYTHONINSPECT
export LC_ALL=C TZ=UTC PYTHONHASHSEED=0 PYTHONDONTWRITEBYTECODE=1 PKG_CONFIG=/bin/false
umask 022

# A source archive's file name and its unpacked folder, without a JSON reader: no interpreter is there yet.
# sources.json keeps one entry a line for that reason.
archive() {
  local line
  line=$(grep -F "\"name\": \"$1\"" "$recipe/sources.json" | grep -F "\"version\": \"${2:-}" | head -n 1 || true)
  line=${line#*\"file\": \"}
  [ -n "$line" ] || { echo "sources.json names no $1 ${2:-}"; return 1; }
  echo "$sources/${line%%\"*}"
}
unpack() {
  mkdir -p "$work/$1"
  tar xf "$(archive "$1" "${2:-}")" -C "$work/$1" --strip-components=1 --no-same-owner
}

unpack_sources() {
  step "unpack the sources"
  unpack cpython "$PYWASM_PYTHON_VERSION\""
  for name in zlib bzip2 xz sqlite; do unpack "$name"; done
  # A wheel is a zip file. The interpreter that fetched it with pip opens it too.
  python3 -I -m zipfile -e "$(archive tzdata)" "$work/tzdata"
  # The cross build gets a tree of its own, since our edits and frozen.c must not touch the native interpreter.
  # Hard links are enough: an edited file is always written anew.
  cp -al "$work/cpython" "$work/cross-source"
  SOURCE_DATE_EPOCH=$(date -r "$work/cpython/README.rst" +%s)
  export SOURCE_DATE_EPOCH
}

# The compiler as one command, with the flags of hot.txt for the files named there. No `-O` stands on a link line: clang
# would run any wasm-opt that it finds, and that ruins the relocations which --emit-relocs keeps.
write_compiler() {
  mkdir -p "$work/bin"
  {
    echo '#!/bin/sh'
    echo 'hot='
    echo 'case " $* " in'
    grep -v '^#' "$recipe/hot.txt" | while read -r file flags; do echo "  *' ../cross-source/$file '*) hot='$flags' ;;"; done
    echo 'esac'
    echo "exec '$PYWASM_CLANG' --target=wasm32-wasi --sysroot='$sysroot'${PYWASM_RESOURCE_DIR:+ -resource-dir='$PYWASM_RESOURCE_DIR'} \\"
    echo "  -ffile-prefix-map='$work'=. -ffile-prefix-map='$recipe'=recipe -ffile-prefix-map=../cross-source/= \"\$@\" \$hot"
  } > "$work/bin/cc"
  chmod +x "$work/bin/cc"
  cat > "$work/settings" <<END
work='$work' recipe='$recipe' series='$series'
ar='$PYWASM_AR' ranlib='$PYWASM_RANLIB'
emulated='-D_WASI_EMULATED_SIGNAL -D_WASI_EMULATED_GETPID -D_WASI_EMULATED_PROCESS_CLOCKS'
emulations='-lwasi-emulated-signal -lwasi-emulated-getpid -lwasi-emulated-process-clocks'
stack_size=1048576
export SOURCE_DATE_EPOCH=$SOURCE_DATE_EPOCH
END
  . "$work/settings"
}

# A native interpreter of the same version: it freezes modules, writes the manifest, and the tests compare with it.
configure_native() {
  mkdir -p "$work/native" && cd "$work/native"
  OPT="-DNDEBUG -g0 -O1" PKG_CONFIG= ../cpython/configure -q --without-ensurepip --disable-test-modules
}
build_native() {
  cd "$work/native"
  make -s -j"$PYWASM_JOBS" python
  ./python -c 'import sys; print(sys.version)'
}
build_native_modules() { # where the host has no libsqlite3, zlib, ... headers, their modules are left out
  cd "$work/native"
  make -s sharedmods || echo "some native modules did not build"
}

# wasm_archive NAME FLAGS FILE...: compiles the files and puts them into deps/lib/libNAME.a
wasm_archive() {
  local name=$1 flags=$2 file object objects=() && shift 2
  mkdir -p "$work/deps/lib" "$work/deps/include" "$work/objects/$name"
  for file in "$@"; do
    object=$work/objects/$name/$(basename "$file" .c).o
    objects+=("$object")
    # shellcheck disable=SC2086
    "$work/bin/cc" -Os -DNDEBUG -g0 $emulated $flags -c "$file" -o "$object"
  done
  rm -f "$work/deps/lib/lib$name.a"
  "$ar" Dcrs "$work/deps/lib/lib$name.a" "${objects[@]}"
}
build_libraries() {
  cd "$work/zlib"
  # The gz* files are for FILE-like reading, which CPython does itself.
  wasm_archive z "-DHAVE_HIDDEN=0 -DZ_HAVE_UNISTD_H" adler32.c compress.c crc32.c deflate.c infback.c inffast.c inflate.c inftrees.c \
    trees.c uncompr.c zutil.c
  cp zlib.h zconf.h "$work/deps/include/"

  cd "$work/bzip2"
  wasm_archive bz2 "-D_FILE_OFFSET_BITS=64" blocksort.c huffman.c crctable.c randtable.c compress.c decompress.c bzlib.c
  cp bzlib.h "$work/deps/include/"

  cd "$work/xz/src/liblzma"
  local flags="-include $recipe/lzma/config.h -I../common -Iapi" folder
  for folder in common check lz rangecoder lzma delta simple; do flags+=" -I$folder"; done
  local files=()
  for file in common/*.c check/*.c lz/*.c rangecoder/*.c lzma/*.c delta/*.c simple/*.c; do
    case $file in
      *_mt.c | *tablegen.c | *_gen.c | *_small.c | */hardware_*.c | */outqueue.c) ;;
      *) files+=("$file") ;;
    esac
  done
  wasm_archive lzma "$flags" "${files[@]}"
  cp -r api/lzma.h api/lzma "$work/deps/include/"

  # SQLite's own make rules write sqlite3.c from the source tree; the tools for it are native, and tclsh.
  mkdir -p "$work/objects/sqlite" && cd "$work/objects/sqlite"
  make -s -f "$work/sqlite/main.mk" TOP="$work/sqlite" BCC=cc TCC=cc OPTS=-DSQLITE_ENABLE_UPDATE_DELETE_LIMIT=1 \
    sqlite3.c sqlite3.h
  wasm_archive sqlite3 "-include $recipe/sqlite/config.h -I." sqlite3.c "$recipe/sqlite/wasi.c"
  cp sqlite3.h "$work/deps/include/"
}

configure_cross() {
  mkdir -p "$work/cross" && cd "$work/cross"
  local include=-I$work/deps/include library=-L$work/deps/lib
  # Setup.local comes before CPython's own list, which leaves these modules out.
  mkdir -p Modules && sed "s#RECIPE#$recipe#g" "$recipe/modules.txt" > Modules/Setup.local
  # shellcheck disable=SC2153
  env CONFIG_SITE="$work/cross-source/Tools/wasm/config.site-wasm32-wasi" \
    CC="$work/bin/cc" CPP="$work/bin/cc -E" AR="$ar" RANLIB="$ranlib" OPT="-DNDEBUG -g0 -Os -Wall" CFLAGS="-Os -g0 $emulated" \
    LIBS="$emulations" LDFLAGS="-Wl,--stack-first -Wl,-z,stack-size=$stack_size" \
    ZLIB_CFLAGS="$include" ZLIB_LIBS="$library -lz" BZIP2_CFLAGS="$include" BZIP2_LIBS="$library -lbz2" \
    LIBLZMA_CFLAGS="$include" LIBLZMA_LIBS="$library -llzma" \
    LIBSQLITE3_CFLAGS="$include" LIBSQLITE3_LIBS="$library -lsqlite3" \
    ../cross-source/configure -q --host=wasm32-unknown-wasip1 --build="$(../cross-source/config.guess)" \
    --with-build-python="$work/native/python" --disable-test-modules --without-ensurepip --without-doc-strings --with-pymalloc --without-mimalloc \
    --prefix=/pywasm
}
build_cross() {
  cd "$work/cross"
  local freeze="$work/native/python -s -B $recipe/freeze.py"
  make -s -j"$PYWASM_JOBS" AR="$ar" \
    FREEZE_MODULE="$freeze" FREEZE_MODULE_DEPS="$recipe/freeze.py" \
    FREEZE_MODULE_BOOTSTRAP="$freeze" FREEZE_MODULE_BOOTSTRAP_DEPS="$recipe/freeze.py" \
    FROZEN_FILES_OUT="Python/frozen_modules/importlib._bootstrap.h Python/frozen_modules/importlib._bootstrap_external.h" \
    "libpython$series.a" Modules/_decimal/libmpdec/libmpdec.a Modules/expat/libexpat.a Modules/_hacl/libHacl_Hash_SHA2.a pybuilddir.txt
}

main() {
  unpack_sources
  write_compiler

  step "compile zlib, bzip2, xz and SQLite"
  ( build_libraries ) & libraries=$!
  step "configure the native interpreter"
  ( configure_native )
  wait "$libraries"
  step "compile the native interpreter"
  ( build_native )
  "$work/native/python" -s -B "$recipe/edit.py" "$recipe/edits.json" "$work/cross-source"
  cp --remove-destination "$recipe/runtime/frozen.c" "$work/cross-source/Python/frozen.c"
  cp "$recipe/runtime/pywasm_errno.h" "$work/cross-source/Include/"
  cp "$recipe/runtime/pywasm_epoll.h" "$work/cross-source/Modules/"

  step "configure CPython for WASI"
  ( build_native_modules ) & modules=$!
  ( configure_cross )
  wait "$modules"
  step "compile CPython for WASI"
  ( build_cross )

  step "link"
  bash "$recipe/link.sh" "$work" "$out/base.wasm"
  step "collect the standard library, the headers, the licences, the areas and the manifest"
  "$work/native/python" -s -B "$recipe/assemble.py" "$recipe" "$work" "$out" "$PYWASM_PYTHON_VERSION"
}
main
