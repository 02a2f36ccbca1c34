#!/usr/bin/env bash
# Compiles one crate for fuzzing: cargo calls this in the place of rustc for the workspace's own crates.
# Stable Rust counts which code ran, through LLVM's SanitizerCoverage; overflows end the program.
# The crates of others are compiled as for a release, so a build shares them.
set -euo pipefail

case " $* " in
  *" --crate-name build_script_build "* | *" --print "*) exec "$@" ;;
esac
exec "$@" -C overflow-checks=on -C debug-assertions=on -C codegen-units=1 \
  -C passes=sancov-module -C llvm-args=-sanitizer-coverage-level=4 \
  -C llvm-args=-sanitizer-coverage-inline-8bit-counters -C llvm-args=-sanitizer-coverage-pc-table \
  -C llvm-args=-sanitizer-coverage-trace-compares
