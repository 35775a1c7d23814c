// From a recipe to a pipeline: makes the parts it names, checks that every column read is written
// earlier, and derives the fingerprints. Nothing is loaded or asked yet.
// Errors   kBadConfig naming the key and the cure
#pragma once

#include <filesystem>
#include <string>

#include "kale/assemble/recipe.h"
#include "kale/io/disk.h"
#include "kale/run/pipeline.h"
#include "kale/write/publish.h"

namespace kale {

struct Assembled {
  Pipeline pipeline;
  PublishOptions publish;
  std::filesystem::path source_path;  // absolute; empty where the source has none
  std::string source_text;            // all that the recipe tells the source
};

Result<RunOptions> read_run_options(const Recipe& recipe);
// `cpu` must outlive the pipeline; `cores` is what engines may divide among them.
Result<Assembled> assemble(const Recipe& recipe, Executor& cpu, int cores, Disk& disk,
                           const std::filesystem::path& out);

}  // namespace kale
