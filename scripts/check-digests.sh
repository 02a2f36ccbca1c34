#!/usr/bin/env bash
# Builds 20 artifacts of testdata and compares their bytes with testdata/digests.txt: another machine, the same bytes.
#
# usage: scripts/check-digests.sh
#        BLESS=1 scripts/check-digests.sh       writes the list again
#
# In:  a pywasm (PYWASM, or target/release/pywasm) with the base of its recipe (`pywasm base build`).
# Out: what differs, on stderr. 0: nothing. 1: a digest, or the recipe that the list belongs to. 3: there is nothing to
#      compare: the list is empty, or this machine's compiler made another base from the same recipe.
set -euo pipefail
. "$(dirname "$0")/setup.sh"
find_tool base
list=$root/testdata/digests.txt
# Not fastlog: its C is compiled by this machine's clang.
projects=(apps/{asyncpipe,codecheck,hello,lazy,logstats,resources,sqlnotes,stdlibmix,wordcount} preinit/wide)

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$PYWASM" base list > "$work/bases"
base=$(sed -n 's/ .*this pywasm.s recipe$//p' "$work/bases" | head -n 1)
[ -n "$base" ] || { echo "there is no base of this recipe: \`$PYWASM base build\`" >&2; exit 1; }
"$PYWASM" base show "$base" > "$work/manifest"
recipe=$(sed -n 's/^ *"recipe": "\([0-9a-f]*\)",\?$/\1/p' "$work/manifest")
listed() { sed -n "s/^# $1: //p" "$list"; }
if [ "${BLESS:-}" != 1 ]; then
  if ! grep -q '\.wasm$' "$list"; then
    echo "$list is empty: \`BLESS=1 $0\` writes it" >&2
    exit 3
  fi
  if [ "$(listed recipe)" != "$recipe" ]; then
    echo "$list belongs to the recipe $(listed recipe), and this is $recipe: \`BLESS=1 $0\` writes the list again" >&2
    exit 1
  fi
  if [ "$(listed base)" != "$base" ]; then
    echo "$list belongs to the base $(listed base), and this machine's is $base, made from the same recipe:" >&2
    echo "\`pywasm base show\` has the parts of the compiler; only artifacts from the same base can be compared" >&2
    exit 3
  fi
fi

mkdir "$work/made"
for project in "${projects[@]}"; do
  for profile in dev release; do
    folder=$work/made/$project/$profile
    # A budget that is exceeded (3) is another test's.
    code=0
    (cd "$root/testdata/$project" && "$PYWASM" build --quiet --offline --base "$base" --profile "$profile" --out-dir "$folder") \
      > "$work/said" 2>&1 || code=$?
    [ $code = 0 ] || [ $code = 3 ] || { cat "$work/said" >&2; exit 1; }
  done
done
{
  echo "# What \`scripts/check-digests.sh\` compares; BLESS=1 writes it again."
  echo "# recipe: $recipe"
  echo "# base: $base"
  (cd "$work/made" && find . \( -name '*.wasm' -o -name '*.wasm.br' \) -printf '%P\n' | LC_ALL=C sort | xargs sha256sum)
} > "$work/digests.txt"
if [ "${BLESS:-}" = 1 ]; then
  cp "$work/digests.txt" "$list"
  echo "wrote $list"
else
  diff -u --label testdata/digests.txt "$list" --label "this machine" "$work/digests.txt" >&2 || {
    echo "these artifacts differ; if they should, \`BLESS=1 $0\`" >&2
    exit 1
  }
  echo "$(grep -c '\.wasm$' "$list") artifacts have the listed bytes"
fi
