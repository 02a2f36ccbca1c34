#!/usr/bin/env bash
# Times `pywasm graph` on generated projects of 100 to 10,000 modules, and prints a table: modules,
# seconds (the best of three runs), and microseconds of processor time for each module of the project.
# The last column stays the same as long as the time grows linearly; unlike the seconds, it does not
# depend on what else the machine does.
#
# usage: scripts/bench-resolve.sh      PYWASM names another tool than target/release/pywasm
set -euo pipefail
. "$(dirname "$0")/setup.sh"
find_tool base
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

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
  local TIMEFORMAT='%R %U %S'
  { time "$PYWASM" graph --quiet "$1/main.py" --format json >/dev/null; } 2>&1 | awk '{ print $1, $2 + $3 }'
}

# Prints the smallest value of each column.
best() {
  for _ in 1 2 3; do run "$1"; done |
    awk 'NR == 1 || $1 < clock { clock = $1 } NR == 1 || $2 < cpu { cpu = $2 } END { print clock, cpu }'
}

mkdir "$work/none"
printf 'import json, decimal\n' > "$work/none/main.py"
run "$work/none" >/dev/null
read -r _ nothing < <(best "$work/none")
printf '%9s %9s %22s\n' modules seconds 'microseconds a module'
for count in 100 300 1000 3000 10000; do
  generate "$work/$count" "$count"
  read -r clock cpu < <(best "$work/$count")
  awk -v count="$count" -v clock="$clock" -v cpu="$cpu" -v nothing="$nothing" \
    'BEGIN { printf "%9d %9.2f %22.0f\n", count, clock, (cpu - nothing) * 1e6 / count }'
done
