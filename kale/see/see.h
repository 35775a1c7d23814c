// Looks at the picture: asks a classifier what it shows; measures colours, background and layout.
// Paper    the facts stand in for a VLM's eyes, after Socratic Models (arXiv 2204.00598)
// Rows     reads pixels; writes facts
// Errors   kBadConfig when no engine has the name; the classifier's own are passed on
// Threads  apply() measures on the calling thread; many rows at once
#pragma once

#include <memory>
#include <string>

#include "kale/core/build.h"
#include "kale/core/options.h"
#include "kale/core/step.h"

namespace kale {

struct SeeOptions {
  std::string engine = "eyes";

  void visit(OptionVisitor& v) {
    v.field({.name = "engine", .help = "the classifier: a name under `engines:`"}, engine);
  }
};

Result<std::unique_ptr<Step>> make_see(SeeOptions options, const BuildContext& build);

}  // namespace kale
