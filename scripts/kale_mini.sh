#!/usr/bin/env bash
# Trains kale-mini anew: scenes of the proving ground, stage-1 output of real stamps, two parts of
# training (to see, to tell), weights in 16 bits. Does only what is missing, may be interrupted and
# run again.
#
#   scripts/kale_mini.sh [OUT]     OUT: out/kale-mini; the student is OUT/model
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly out=${1:-out/kale-mini} kale=build/release/apps/kale/kale
readonly scenes=40000 validation_scenes=400 processes=2
export OMP_NUM_THREADS=1

make_world() {  # FOLDER SPLIT SEED ROWS
  "$kale" world make --rows "$4" --seed "$3" --split "$2" --out "$out/$1" --cutouts "$out/cutouts"
}

# SCRIPT OUT WORD...: a table that one of scripts/kale_mini makes, whole or not at all.
make_table() {
  local script=$1 made=$out/$2
  shift 2
  [[ -d $made ]] && return
  rm -rf "$made.part"
  .venv/bin/python "scripts/kale_mini/$script.py" "$1" "$made.part" "${@:2}"
  mv "$made.part" "$made"
}

# PART SET...: processes share each step; where mpirun is not found, one does all.
train() {
  local part=$1
  shift
  local launch=()
  command -v mpirun >/dev/null && launch=(mpirun --oversubscribe -n $processes)
  [[ ${#launch[@]} -gt 0 && $EUID -eq 0 ]] && launch+=(--allow-run-as-root)
  "${launch[@]}" "$kale" train "recipes/training/kale-mini-$part.yaml" --out "$out/$part" "$@"
}

make_world world train 11 $scenes
make_world world-validation validation 12 $validation_scenes
"$kale" run recipes/kale.yaml --out "$out/stage1" --set publish.image_bytes=true
.venv/bin/python scripts/kale_mini/start.py "$out/world" "$out/start"
for world in world world-validation; do
  make_table tags "tags-$world" "$out/$world"
done
train see --student "$out/start" --data "$out/tags-world" --validation "$out/tags-world-validation"
make_table pairs pairs-world "$out/world" --stage1 "$out/stage1"
make_table pairs pairs-world-validation "$out/world-validation"
train tell --student "$out/see/student" --data "$out/pairs-world" \
  --validation "$out/pairs-world-validation"
.venv/bin/python scripts/kale_mini/halve.py "$out/tell/student" "$out/model"
echo "kale-mini lies in $out/model; models/kale-mini holds the one that was released"
