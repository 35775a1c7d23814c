# Every target may be interrupted and run again; what is done is not done twice.
MAKEFLAGS += --no-print-directory
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help setup build train tests demo mini check test asan tsan clean

# Leaves room for the rest of the machine; `make JOBS=2` where memory is short (about 1 GB a job).
JOBS ?= $(shell nproc)
KALE := build/release/apps/kale/kale
NINJA := build/release/build.ninja
HAS_TORCH := grep -q '^KALE_WITH_TORCH:BOOL=ON' build/release/CMakeCache.txt
TORCH := .venv/lib/python3*/site-packages/torch
# kale-mini as llama.cpp loads it: made of the folder that is in the repository.
MINI := .deps/models/kale-mini-f16.gguf

help:  ## what can be made (this text)
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 16

setup:  ## Debian packages, .venv, llama.cpp and the models, all pinned
	@scripts/setup.sh

build: setup  ## the kale program: build/release/apps/kale/kale
	@(test -f $(NINJA) && $(HAS_TORCH)) || cmake --preset release
	@ninja --quiet -C build/release -j $(JOBS) kale kale_torch

train: build  ## the program behind `kale train`, which alone needs libtorch's headers
	@ninja --quiet -C build/release -j $(JOBS) kale-train

tests: build
	@ninja --quiet -C build/release -j $(JOBS)

demo:  ## captions 240 pictures of Debian's tuxpaint-stamps-default into out/demo; needs no libtorch
	@scripts/setup.sh --demo
	@(test -f $(NINJA) && { ! $(HAS_TORCH) || ls -d $(TORCH); } &>/dev/null) || \
	  cmake --preset release -DKALE_WITH_TORCH=OFF
	@ninja --quiet -C build/release -j $(JOBS) kale
	@$(MAKE) --silent $(MINI)
	@$(KALE) run recipes/kale-mini.yaml --out out/demo --samples 5

$(MINI): $(wildcard models/kale-mini/*.json models/kale-mini/*.safetensors)
	@$(KALE) export gguf models/kale-mini --out .deps/models --type f16

mini: train  ## trains kale-mini anew into out/kale-mini: under two hours on 2 cores
	@scripts/kale_mini.sh

check: tests  ## unit tests; no model, network or GPU
	@ctest --test-dir build/release -L check -j $(JOBS) --output-on-failure

test: tests  ## check, resume tests, tests with the real models, and two demos of ten rows
	@ctest --test-dir build/release -j $(JOBS) --output-on-failure

asan:  ## unit tests under AddressSanitizer and UBSan
	@scripts/setup.sh --light
	@cmake --workflow --preset asan

tsan:  ## tests of the concurrent rooms under ThreadSanitizer
	@scripts/setup.sh --light
	@cmake --workflow --preset tsan

clean:  ## removes build and out; .venv and .deps stay (rm -r .venv .deps to set up anew)
	rm -rf build out
