#!/usr/bin/env bash
# Measures a release build of one project with an empty cache, with this machine's cache, and with an
# empty cache beside a shared one that another machine has filled. Prints seconds and ratios to the
# first build. The ratios can be compared with those of other machines.
#
# usage: scripts/bench-cache.sh [PROJECT]
#   PROJECT  what is built [default: testdata/apps/hello]
# PYWASM names another tool than target/release/pywasm.
# The shared cache is a folder, or the store that PYWASM_CACHE_URL names.
set -euo pipefail
. "$(dirname "$0")/setup.sh"
find_tool base
project=$(realpath "${1:-testdata/apps/hello}")
base=$("$PYWASM" base path)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/store"
store=${PYWASM_CACHE_URL:-file://$work/store}

# Prints the seconds of one build with this home: wall-clock time and processor time.
build() { # HOME URL
  local TIMEFORMAT='%R %U %S'
  { time PYWASM_HOME=$work/$1 PYWASM_CACHE_URL=$2 "$PYWASM" build "$project" \
    --quiet --base "$base" --out-dir "$work/dist" --format json >"$work/report.json" 2>"$work/said"; } 2>&1 |
    awk '{ print $1, $2 + $3 }'
}

row() { # WHAT HOME URL
  local clock cpu
  read -r clock cpu < <(build "$2" "$3")
  [ ! -s "$work/said" ] || cat "$work/said" >&2
  first_clock=${first_clock:-$clock} first_cpu=${first_cpu:-$cpu}
  awk -v what="$1" -v clock="$clock" -v cpu="$cpu" -v of_clock="$first_clock" -v of_cpu="$first_cpu" \
    'BEGIN { printf "%-28s %8.2f %8.2f %8.2f %8.2f\n", what, clock, clock / of_clock, cpu, cpu / of_cpu }'
  sha256sum "$work"/dist/*.wasm | cut -d' ' -f1 >>"$work/digests"
}

printf '%-28s %8s %8s %8s %8s\n' cache seconds part 'cpu s' part
row 'empty' first ''
row 'empty, fills the shared one' second "$store"
row "this machine's" first ''
row 'shared' third "$store"
[ "$(sort -u "$work/digests" | wc -l)" = 1 ] || { echo 'the builds differ' >&2; exit 1; }
