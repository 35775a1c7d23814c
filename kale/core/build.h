// What a step, source or engine may use while it is made from its options.
#pragma once

#include <filesystem>
#include <functional>
#include <string_view>
#include <vector>

#include "kale/core/engine.h"
#include "kale/core/executor.h"
#include "kale/core/result.h"
#include "kale/core/row.h"
#include "kale/core/step.h"

namespace kale {

struct BuildContext {
  Executor& cpu;                     // worker threads; engines post completions here
  int cores = 1;                     // what the whole process may use
  std::filesystem::path recipe_dir;  // relative paths in options start here
  std::function<Result<Engine*>(std::string_view name)> engine;  // by its name under `engines:`

  // For a step: what the source fills, and the steps that stand before it.
  Columns provided = {};
  std::vector<StepTraits> before = {};

  // The last of the steps before that fills the column; empty for none.
  std::string_view step_writing(Column column) const {
    std::string_view name;
    for (const StepTraits& step : before)
      if (step.writes.has(column)) name = step.name;
    return name;
  }
  std::filesystem::path resolve(std::string_view path) const {
    std::filesystem::path given(path);
    return given.is_absolute() ? given : recipe_dir / given;
  }
};

// A step room offers one factory, named in the assemble table:
//   Result<std::unique_ptr<Step>> make_fuse(FuseOptions options, const BuildContext& build);
// an engine file
//   Result<std::unique_ptr<Engine>> make_llama(LlamaOptions options, const BuildContext& build);
// a source file
//   Result<std::unique_ptr<Source>> make_folder(FolderOptions options, const BuildContext& build);

}  // namespace kale
