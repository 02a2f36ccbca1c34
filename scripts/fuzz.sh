#!/usr/bin/env bash
# Runs the fuzz targets of crates/pywasm-fuzz with libFuzzer, the engine of cargo-fuzz, on stable Rust.
# What makes a target fail stands in target/fuzz/TARGET; what reaches new code, in target/fuzz/corpus.
#
# usage: scripts/fuzz.sh [TARGET...] [--runs N | --seconds N] [--seed S]
#        scripts/fuzz.sh [TARGET...] --keep
#        scripts/fuzz.sh --table
#
#   TARGET       a folder of testdata/fuzz; all of them without one
#   --runs N     how many runs each target gets (100000)
#   --seconds N  how long each target runs, in the place of --runs
#   --seed S     where the random numbers start (1)
#   --keep       adds what reaches new code to testdata/fuzz: at most 40 inputs of 2 kB for each target
#   --table      writes the sums of all runs so far into docs/internals/fuzzing.md
#
# It prints a line for each target: its name, runs, seconds, seed, inputs that reach different code.
set -euo pipefail
. "$(dirname "$0")/setup.sh"

limit=-runs=100000 seed=1 targets=() job=run
while [ $# -gt 0 ]; do
  case $1 in
    --runs) limit=-runs=$2; shift 2 ;;
    --seconds) limit=-max_total_time=$2; shift 2 ;;
    --seed) seed=$2; shift 2 ;;
    --keep | --table) job=${1#--}; shift ;;
    -*) fail "unknown option $1" ;;
    *) targets+=("$1"); shift ;;
  esac
done
[ ${#targets[@]} -gt 0 ] || mapfile -t targets < <(cd testdata/fuzz && printf '%s\n' */ | tr -d /)
for name in "${targets[@]}"; do
  [ -d "testdata/fuzz/$name" ] || fail "there is no target $name"
done
sums=$target/fuzz/runs.tsv
mkdir -p "$target/fuzz"

# The scanner has as much stack in a build.
ulimit -s 262144 2>/dev/null || true

# Runs a target with options and folders of libFuzzer.
fuzz() {
  local name=$1
  shift
  PYWASM_FUZZ_TARGET=$name "$PYWASM_FUZZ" -max_len=4096 -timeout=10 -rss_limit_mb=4096 \
    "-artifact_prefix=$target/fuzz/$name/" "$@" >"$target/fuzz/$name/log" 2>&1
}

# Adds inputs that reach what those in testdata/fuzz do not, the shortest first.
keep_inputs() {
  local name=$1 new file kept=0
  new=$(mktemp -d)
  cp "testdata/fuzz/$name"/* "$new"
  fuzz "$name" -merge=1 -max_len=2048 "$new" "$target/fuzz/corpus/$name"
  while read -r file; do
    [ -e "testdata/fuzz/$name/$file" ] && continue
    [ "$kept" -lt 40 ] || break
    cp "$new/$file" "testdata/fuzz/$name/new-${file:0:12}"
    kept=$((kept + 1))
  done < <(ls -Sr "$new")
  rm -rf "$new"
  echo "$name $kept new inputs"
}

if [ "$job" = table ]; then
  exec python3 scripts/fuzz/table.py "$sums"
fi

# PYWASM_FUZZ names a program that is compiled already.
if [ -z "${PYWASM_FUZZ:-}" ]; then
  need_rust
  share_compiled
  step "compile the targets"
  RUSTC_WORKSPACE_WRAPPER=$root/scripts/fuzz/rustc.sh CARGO_TARGET_DIR=$target/fuzz/build \
    cargo build --release --workspace --locked --bin pywasm-fuzz --features pywasm-fuzz/libfuzzer
  PYWASM_FUZZ=$target/fuzz/build/release/pywasm-fuzz
fi

failed=()
for name in "${targets[@]}"; do
  corpus=$target/fuzz/corpus/$name
  mkdir -p "$corpus" "$target/fuzz/$name"
  if [ "$job" = keep ]; then
    keep_inputs "$name"
    continue
  fi
  begin=$SECONDS
  fuzz "$name" "$limit" "-seed=$seed" -len_control=20 -print_final_stats=1 "$corpus" "testdata/fuzz/$name" || failed+=("$name")
  runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$target/fuzz/$name/log")
  printf '%s\t%s\t%s\t%s\n' "$name" "${runs:-0}" "$((SECONDS - begin))" "$seed" >>"$sums"
  echo "$name ${runs:-0} runs, $((SECONDS - begin)) s, seed $seed, $(find "$corpus" -type f | wc -l) inputs"
done
[ ${#failed[@]} -eq 0 ] || fail "these targets failed, see target/fuzz/TARGET: ${failed[*]}"
