#!/usr/bin/env bash
# Times `pywasm graph` on generated projects of 100 to 10,000 modules, or on a copy of one project whose
# entry is `main.py`. Prints for each the best of three runs in seconds by the clock, then in milliseconds
# of processor time, and that in microseconds for each generated module. `first` has an empty cache, so each
# file is scanned; `line` comes after a change of one line. The last column stays the same as long as the
# time grows linearly; unlike the seconds, it does not depend on what else the machine does.
#
# usage: scripts/bench-resolve.sh [PROJECT]      PYWASM names another tool than target/release/pywasm
set -euo pipefail
. "$(dirname "$0")/setup.sh"
find_tool base
base=$("$PYWASM" base path)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export PYWASM_HOME=$work/home

# Packages of 50 modules. Each has functions, classes and strings, and imports its neighbour, one far
# away, its package and two modules of the standard library; the last closes the circle.
generate() {
  python3 - "$1" "$2" <<'PYTHON'
import pathlib, sys

folder, count = pathlib.Path(sys.argv[1]), int(sys.argv[2])
name = lambda number: f"shop.part{number // 50}.module{number % 50}"
body = "\n".join(
    f"""
class Kind{k}:
    \"\"\"What a module of a real project looks like, more or less.\"\"\"

    def __init__(self, first, second=None):
        self.first, self.second = first, second or {{}}

    def total(self, items):
        return sum(item.price * item.count for item in items if item.count > {k})

    def lazily(self):
        import decimal
        return decimal.Decimal(self.first)
"""
    for k in range(6)
)
for number in range(count):
    near, far = name((number + 1) % count), name(number * 7 % count)
    path = folder / (name(number).replace(".", "/") + ".py")
    path.parent.mkdir(parents=True, exist_ok=True)
    (path.parent / "__init__.py").touch()
    path.write_text(f"import json\nimport {near}\nfrom {far} import Kind0 as Far\nfrom . import module0\n{body}")
(folder / "shop" / "__init__.py").touch()
(folder / "main.py").write_text(f"import {name(0)}\n")
PYTHON
}

# Prints the seconds of one run: wall-clock time and processor time.
run() {
  local TIMEFORMAT='%R %U %S' project=$1
  [ -f "$1/pyproject.toml" ] || project=$1/main.py
  { time "$PYWASM" graph --quiet --base "$base" "$project" --format json >/dev/null; } 2>&1 | awk '{ print $1, $2 + $3 }'
}

# best WAY PROJECT: prints the smallest value of each column of three runs.
best() {
  local number
  for number in 1 2 3; do
    case $1 in
      first) rm -rf "$PYWASM_HOME/cache/stages/scan" ;;
      line) printf 'changed = %s\n' "$number" >> "$2/main.py" ;;
    esac
    run "$2"
  done | awk 'NR == 1 || $1 < clock { clock = $1 } NR == 1 || $2 < cpu { cpu = $2 } END { print clock, cpu }'
}

# The processor time of a program without modules of its own, by the way of the run.
declare -A nothing=()

# rows NAME PROJECT COUNT: prints the rows of a project. Without a count, the last column is empty.
rows() {
  local way clock cpu
  for way in first again line; do
    read -r clock cpu < <(best "$way" "$2")
    awk -v name="$1" -v way="$way" -v clock="$clock" -v cpu="$cpu" -v nothing="${nothing[$way]:-0}" -v count="$3" 'BEGIN {
      each = count ? sprintf("%.0f", (cpu - nothing) * 1e6 / count) : ""
      printf "%9s %6s %8.2f %8.0f %22s\n", name, way, clock, cpu * 1e3, each
    }'
  done
}

printf '%9s %6s %8s %8s %22s\n' modules run seconds ms 'microseconds a module'
if [ $# -gt 0 ]; then
  cp -r "$1" "$work/project"
  rows "$(basename "$1")" "$work/project" ''
else
  mkdir "$work/none"
  printf 'import json, decimal\n' > "$work/none/main.py"
  for way in first again line; do read -r _ "nothing[$way]" < <(best "$way" "$work/none"); done
  for count in 100 300 1000 3000 10000; do
    generate "$work/$count" "$count"
    rows "$count" "$work/$count" "$count"
  done
fi
