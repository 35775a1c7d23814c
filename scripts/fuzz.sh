#!/usr/bin/env bash
# Fuzzes with libFuzzer: each target for SECONDS (600), two at a time.
#
#   scripts/fuzz.sh [SECONDS] [TARGET...]      scripts/fuzz.sh 60 recipe journal
#
# Needs clang-16 and libclang-rt-16-dev from Debian 12. Inputs that reach new code are kept in
# build/fuzz/corpus, findings in build/fuzz/findings; a target ends at its first finding. Prints one
# Markdown row a target; exits with 1 where anything was found. Arguments for CMake, such as
# -DKALE_VENV=..., may stand in KALE_CMAKE_ARGS.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
build=build/fuzz

fuzz_one() {  # SECONDS TARGET
  local seconds=$1 target=$2 log="$build/log/$2" ended=0
  local kept="$build/corpus/$target" seeds="tests/fuzz/corpus/$target"
  mkdir -p "$kept"
  "$build/tests/fuzz/${target}_fuzz" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=2048 \
    -print_final_stats=1 -artifact_prefix="$build/findings/$target-" "$kept" "$seeds" \
    > "$log" 2>&1 || ended=$?
  final() { sed -n "s/^stat::$1: *//p" "$log" | tail -n 1; }
  local coverage findings
  coverage=$(sed -n 's/^#[0-9].* cov: \([0-9]*\) .*/\1/p' "$log" | tail -n 1)
  findings=$(find "$build/findings" -name "$target-*" | wc -l)
  echo "| $target | $(final number_of_executed_units) | $(final average_exec_per_sec) |" \
       "${coverage:-0} | $findings |"
  if [ "$ended" -ne 0 ]; then echo "$target ended with $ended, see $log" >&2; fi
  [ "$ended" -eq 0 ] && [ "$findings" -eq 0 ]
}

if [ "${1:-}" = --one ]; then
  fuzz_one "$2" "$3" && exit 0
  exit 1
fi
seconds=600
if [[ "${1:-}" =~ ^[0-9]+$ ]]; then
  seconds=$1
  shift
fi
if ! command -v clang++-16 > /dev/null; then
  echo "fuzzing needs clang: apt-get install clang-16 libclang-rt-16-dev" >&2
  exit 69
fi
targets=("$@")
if [ $# -eq 0 ]; then
  listed=$(sed -n 's/^kale_fuzz(\([a-z_]*\).*/\1/p' tests/fuzz/CMakeLists.txt)
  mapfile -t targets <<< "$listed"
fi
# shellcheck disable=SC2086
test -f "$build/build.ninja" || cmake --preset fuzz ${KALE_CMAKE_ARGS:-} >&2
ninja --quiet -C "$build" -j "${JOBS:-$(nproc)}" "${targets[@]/%/_fuzz}" >&2
rm -rf "$build/findings.before"  # what an earlier run found, mended or not, is not of this one
if [ -d "$build/findings" ]; then mv "$build/findings" "$build/findings.before"; fi
mkdir -p "$build/log" "$build/findings"
export UBSAN_OPTIONS="print_stacktrace=1:${UBSAN_OPTIONS:-}"
echo "| target | runs | runs/s | coverage (edges) | findings |"
echo "| --- | --- | --- | --- | --- |"
# xargs ends with 123 where one of them found something.
printf '%s\n' "${targets[@]}" |
  xargs -P 2 -I TARGET scripts/fuzz.sh --one "$seconds" TARGET || exit 1
