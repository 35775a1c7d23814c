#!/usr/bin/env bash
# Brings the pictures of the proving ground that npm packages hold: openmoji and flag-icons, pinned.
# Of them only what kale/world/parts/parts.tsv names is unpacked, some 4 MB.
#
#   scripts/setup_world.sh [--deps FOLDER]     FOLDER (.deps) gets world/openmoji, world/flag-icons
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly emoji=openmoji@17.0.0 flags=flag-icons@7.5.0
readonly emoji_sha1=ee8094c5c0de0d2126b77ceb074d62b6fe2071d0
readonly flags_sha1=66462df3e8bc5ef3a283322a46bb9dde1b290505

deps=.deps
while (($#)); do
  case $1 in
    --deps) deps=${2:?--deps wants a folder} && shift 2 ;;
    *) echo "setup_world: unknown argument '$1'; known: --deps FOLDER" >&2 && exit 1 ;;
  esac
done
command -v npm >/dev/null || {
  echo "setup_world: npm is missing; install it (apt-get install npm) and run this again" >&2
  exit 1
}
mkdir -p "$deps"
folder=$(mktemp -d -p "$deps" world.XXXXXX)
trap 'rm -rf "$folder"' EXIT

# unpack PACKAGE SHA1 NAME PREFIX WITHIN LICENCE: the parts that begin with PREFIX/ come from WITHIN
unpack() {
  local archive
  archive=$folder/$(npm pack --silent --pack-destination "$folder" "$1")
  echo "$2  $archive" | sha1sum --check --quiet
  awk -F '\t' -v prefix="$4/" -v within="package/$5/" \
    'index($1, prefix) == 1 { print within substr($1, length(prefix) + 1) "." $2 }' \
    kale/world/parts/parts.tsv >"$folder/$3.list"
  mkdir -p "$folder/world/$3"
  tar -xzf "$archive" -C "$folder/world/$3" --strip-components=3 -T "$folder/$3.list"
  tar -xzf "$archive" -C "$folder/world/$3" --strip-components=1 "package/$6"
  echo "setup_world: $1, $(wc -l <"$folder/$3.list") pictures"
}
unpack "$emoji" "$emoji_sha1" openmoji emoji color/svg LICENSE.txt
unpack "$flags" "$flags_sha1" flag-icons flag flags/4x3 LICENSE

rm -rf "$deps/world"
mv "$folder/world" "$deps/world"
