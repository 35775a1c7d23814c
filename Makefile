# Every target may be interrupted and run again; what is done is not done twice.
MAKEFLAGS += --no-print-directory
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help setup build train tests demo mini check test asan tsan clean

# Leaves room for the rest of the machine; `make JOBS=2` where memory is short (about 1 GB a job).
JOBS ?= $(shell nproc)
DEMO := recipes/kale.yaml --out out/demo --samples 5

help:  ## what can be made (this text)
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 16

setup:  ## Debian packages, .venv, llama.cpp and the models, all pinned
	@scripts/setup.sh

build: setup  ## the kale program: build/release/apps/kale/kale
	@test -f build/release/build.ninja || cmake --preset release
	@ninja --quiet -C build/release -j $(JOBS) kale kale_torch

train: build  ## the program behind `kale train`, which alone needs libtorch's headers
	@ninja --quiet -C build/release -j $(JOBS) kale-train

tests: build
	@ninja --quiet -C build/release -j $(JOBS)

demo: build  ## captions 240 pictures of Debian's tuxpaint-stamps-default into out/demo
	@build/release/apps/kale/kale run $(DEMO)

mini: train  ## trains a small student from nothing into out/kale-mini: about two hours on 2 cores
	@scripts/kale_mini.sh

check: tests  ## unit tests; no model, network or GPU
	@ctest --test-dir build/release -L check -j $(JOBS) --output-on-failure

test: tests  ## check, resume tests, tests with the real models, and a demo of ten rows
	@ctest --test-dir build/release -j $(JOBS) --output-on-failure

asan:  ## unit tests under AddressSanitizer and UBSan
	@scripts/setup.sh --light
	@cmake --workflow --preset asan

tsan:  ## tests of the concurrent rooms under ThreadSanitizer
	@scripts/setup.sh --light
	@cmake --workflow --preset tsan

clean:  ## removes build and out; .venv and .deps stay (rm -r .venv .deps to set up anew)
	rm -rf build out
