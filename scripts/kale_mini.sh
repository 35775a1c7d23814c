#!/usr/bin/env bash
# Trains kale-mini, a small student, from nothing: scenes of the proving ground, stage-1 output of
# real stamps, three parts of training (to see, to tell, to tell with care), weights in 16 bits,
# files for llama.cpp. Does only what is missing, may be interrupted and run again (in another OUT
# after a change of what makes a table). docs/training.md says what came of it.
#
#   scripts/kale_mini.sh [--small] [OUT]     OUT (out/kale-mini): the student is OUT/model, OUT/gguf
#
#   --small  forty scenes and two steps of each part, in out/kale-mini-small: whether all runs
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

default_out=out/kale-mini scenes=30000 validation_scenes=400 few_stamps=() few_steps=()
if [[ ${1:-} == --small ]]; then
  shift
  default_out=out/kale-mini-small scenes=40 validation_scenes=10
  few_stamps=(--set source.limit=8)
  few_steps=(--set learn.steps=2 --set loop.step_rows=8 --set loop.rows_at_once=4)
fi
readonly out=${1:-$default_out} kale=${KALE:-build/release/apps/kale/kale}
readonly python=${PYTHON:-.venv/bin/python} processes=2
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
  "$python" -B "scripts/kale_mini/$script.py" "$1" "$made.part" "${@:2}"
  mv "$made.part" "$made"
}

# PART RECIPE STUDENT TABLES OPTION...: processes share each step; where mpirun is not found, one
# does all.
train() {
  local part=$1 recipe=$2 student=$3 tables=$4 launch=()
  shift 4
  command -v mpirun >/dev/null && launch=(mpirun --oversubscribe -n $processes)
  [[ ${#launch[@]} -gt 0 && $EUID -eq 0 ]] && launch+=(--allow-run-as-root)
  "${launch[@]}" "$kale" train "recipes/training/kale-mini-$recipe.yaml" --out "$out/$part" \
    --student "$out/$student" --data "$out/$tables-world" \
    --validation "$out/$tables-world-validation" "$@" "${few_steps[@]}"
}

make_world world train 11 $scenes
make_world world-validation validation 12 $validation_scenes
"$kale" run recipes/kale.yaml --out "$out/stage1" --set publish.image_bytes=true "${few_stamps[@]}"
"$python" -B scripts/kale_mini/start.py "$out/world" "$out/start"
for world in world world-validation; do
  make_table copies "copies-$world" "$out/$world"
  make_table lists "lists-$world" "$out/$world" --texts "$out/copies-$world"
done
make_table pairs pairs-world "$out/world" --stage1 "$out/stage1"
make_table pairs pairs-world-validation "$out/world-validation"
make_table pairs cautious-world "$out/world" --cautious --stage1 "$out/stage1"
make_table pairs cautious-world-validation "$out/world-validation" --cautious
train see see start lists
train tell tell see/student pairs
train told tell tell/student cautious --set seed=4 --set learn.steps=500 --set learn.rate=0.0004
"$python" -B scripts/kale_mini/mix.py "$out/tell/student" "$out/told/student" 0.7 "$out/model"
cp models/kale-mini/README.md "$out/model/README.md"
"$kale" export gguf "$out/model" --out "$out/gguf" --name kale-mini
