#!/usr/bin/env bash
# Brings the pictures of the proving ground that npm packages hold, pinned: openmoji, flag-icons and
# emoji in other hands. Of them only what kale/world/parts/parts.tsv names is unpacked, some 14 MB.
#
#   scripts/setup_world.sh [--deps FOLDER]     FOLDER (.deps) gets world/openmoji, world/noto, ...
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

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

# fetch PACKAGE SHA1: sets $archive
fetch() {
  archive=$folder/$(npm pack --silent --pack-destination "$folder" "$1")
  echo "$2  $archive" | sha1sum --check --quiet
}

# unpack PACKAGE SHA1 NAME PREFIX WITHIN LICENCE: the parts that begin with PREFIX/ come from WITHIN
unpack() {
  fetch "$1" "$2"
  awk -F '\t' -v prefix="$4/" -v within="package/$5/" \
    'index($1, prefix) == 1 { print within substr($1, length(prefix) + 1) "." $2 }' \
    kale/world/parts/parts.tsv >"$folder/$3.list"
  mkdir -p "$folder/world/$3"
  tar -xzf "$archive" -C "$folder/world/$3" --strip-components=3 -T "$folder/$3.list"
  tar -xzf "$archive" -C "$folder/world/$3" --strip-components=1 "package/$6"
  echo "setup_world: $1, $(wc -l <"$folder/$3.list") pictures"
}

# unpack_icons SET VERSION SHA1: the parts that begin with SET/ come from the set of that name
unpack_icons() {
  fetch "@iconify-json/$1@$2" "$3"
  mkdir -p "$folder/world/$1"
  tar -xzf "$archive" -C "$folder/world/$1" --strip-components=1 package/icons.json \
    package/info.json  # the latter names the artists and the licence
  python3 scripts/unpack_icons.py "$folder/world/$1/icons.json" "$1" "$folder/world/$1"
  rm "$folder/world/$1/icons.json"
}

unpack openmoji@17.0.0 ee8094c5c0de0d2126b77ceb074d62b6fe2071d0 openmoji emoji color/svg LICENSE.txt
unpack flag-icons@7.5.0 66462df3e8bc5ef3a283322a46bb9dde1b290505 flag-icons flag flags/4x3 LICENSE
unpack_icons emojione 1.2.3 b74a8f5d73a3d94b4948c9b9d4eef4ab0d3927b9
unpack_icons fluent-emoji-flat 1.2.6 5586071d17e0d3460c185a67effc389f0bd95907
unpack_icons fxemoji 1.2.2 cfc146e8936b7fa7924ee515e74618404a730136
unpack_icons noto 1.2.9 4a46093b38572ecc10c5e0b27d3ebb47282e8095
unpack_icons noto-v1 1.2.5 5e8b04718889814019ea9f604f1af152e961a0db
unpack_icons twemoji 1.2.5 52e65345122ef4eff61a8bf9eceefbdbb5294c7a

rm -rf "$deps/world"
mv "$folder/world" "$deps/world"
