#!/usr/bin/env bash
# Unpacks the `wasmedge` of Debian trixie into a folder, with all its libraries and the loader
# that fits them, so that it runs on older releases too. Nothing is installed.
#
# usage: scripts/wasmedge.sh FOLDER     then: FOLDER/bin/wasmedge --version
set -euo pipefail
folder=${1:?usage: scripts/wasmedge.sh FOLDER}
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
. "$(dirname "$0")/setup.sh"
suite=trixie

rm -rf "$folder"/{apt,bin,root}
mkdir -p "$folder"/apt/{lists/partial,cache/archives/partial,empty} "$folder"/{bin,root}

# The same mirror that this system uses, with a state of its own in which no package is there yet.
mirror() { apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Label: Debian' | sort -u | head -n 1; }
[ -n "$(mirror)" ] || as_root apt-get update -q >&2
mirror=$(mirror)
[ -n "$mirror" ] || fail "apt's sources name no Debian mirror"
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
printf 'deb [signed-by=%s] %s %s main\n' "$keyring" "$mirror" "$suite" > "$folder/apt/sources.list"
: > "$folder/apt/status"
cat > "$folder/apt/apt.conf" <<END
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
#clear DPkg::Pre-Install-Pkgs;
Dir::Etc::sourcelist "$folder/apt/sources.list";
Dir::Etc::sourceparts "$folder/apt/empty";
Dir::State::lists "$folder/apt/lists";
Dir::State::status "$folder/apt/status";
Dir::Cache "$folder/apt/cache";
APT::Sandbox::User "root";
APT::Install-Recommends "false";
Acquire::Languages "none";
Debug::NoLocking "true";
END

step "download wasmedge and its libraries from Debian $suite"
apt-get -q -c "$folder/apt/apt.conf" update >&2
apt-get -q -c "$folder/apt/apt.conf" install -y --download-only wasmedge >&2
for package in "$folder"/apt/cache/archives/*.deb; do
  dpkg-deb -x "$package" "$folder/root"
done
rm -r "$folder/apt"

loader=$(find "$folder/root" -name 'ld-linux*.so.*' -print -quit)
libraries=$(dirname "$(find "$folder/root" -name 'libwasmedge.so.*' -print -quit)")
cat > "$folder/bin/wasmedge" <<END
#!/bin/sh
exec "$loader" --library-path "$libraries" "$folder/root/usr/bin/wasmedge" "\$@"
END
chmod +x "$folder/bin/wasmedge"
"$folder/bin/wasmedge" --version >&2
