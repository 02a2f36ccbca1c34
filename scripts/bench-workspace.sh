#!/usr/bin/env bash
# Compares `pywasm build --workspace` on 1, 10 and 100 generated projects with building the same projects
# one after another. Prints a table: projects, seconds of both with an empty cache, their ratio, and the
# same with the cache that these builds filled. Each of the four builds begins without dist/.
#
# usage: scripts/bench-workspace.sh [OPTIONS OF pywasm build...]
#        COUNTS="1 10" scripts/bench-workspace.sh --profile dev
# PYWASM names another tool than target/release/pywasm.
set -euo pipefail
. "$(dirname "$0")/setup.sh"
find_tool base
base=$("$PYWASM" base path)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Writes projects of two modules and some functions. Every fourth has the same imports.
generate() {
  python3 - "$1" "$2" <<'PYTHON'
import pathlib, sys

folder, count = pathlib.Path(sys.argv[1]), int(sys.argv[2])
imports = ["", "import json\n", "import re, textwrap\n", "import dataclasses, datetime\n"]
for number in range(count):
    project = folder / f"service{number:03}"
    project.mkdir(parents=True)
    (project / "pyproject.toml").write_text(f'[project]\nname = "service{number:03}"\n\n[tool.pywasm]\nentry = "main.py"\n')
    (project / "rates.py").write_text("".join(f"def rate{k}(amount):\n    return amount * {number + k} // 100\n\n" for k in range(20)))
    (project / "main.py").write_text(f"{imports[number % 4]}import sys\nfrom rates import rate7\n\nprint({number}, rate7(len(sys.argv)))\n")
PYTHON
}

# Prints the seconds that a command takes, and hides its output.
seconds() {
  local TIMEFORMAT=%R
  { time "$@" >/dev/null 2>"$work/stderr" || { cat "$work/stderr" >&2; exit 1; }; } 2>&1
}

forget() { find "$1" -name dist -type d -prune -exec rm -rf {} +; }

side_by_side() { "$PYWASM" build --quiet --workspace "$folder" --base "$base" "${options[@]}"; }
one_by_one() {
  local project
  for project in "$folder"/*/; do "$PYWASM" build --quiet "$project" --base "$base" "${options[@]}"; done
}

options=("$@")
printf '%9s %14s %14s %7s %14s %14s %7s\n' projects 'cold, together' 'one by one' ratio 'warm, together' 'one by one' ratio
for count in ${COUNTS:-1 10 100}; do
  folder=$work/$count
  generate "$folder" "$count"
  figures=()
  # Both begin with their own empty home. The second round of each finds the cache of the first.
  for round in cold warm; do
    for way in side_by_side one_by_one; do
      forget "$folder"
      export PYWASM_HOME=$work/home-$count-$way
      figures+=("$(seconds "$way")")
    done
  done
  awk -v count="$count" -v figures="${figures[*]}" 'BEGIN {
    split(figures, s, " ")
    printf "%9d %12.2f s %12.2f s %7.2f %12.2f s %12.2f s %7.2f\n", count, s[1], s[2], s[1] / s[2], s[3], s[4], s[3] / s[4]
  }'
  rm -rf "$work"/home-*
done
