// Does a caption say only what was measured? Every word outside quotation marks must come from the
// plan's facts, from the wording of one of them, or from the few words any caption may use; colours
// must stand where they belong; an unsure name needs a hedge; a quotation must be what was read.
// Threads  read-only
#pragma once

#include <string>
#include <string_view>

#include "kale/describe/plan.h"
#include "kale/describe/wording.h"

namespace kale::describe {

struct Verdict {
  bool passed = false;
  std::string reason;  // of a caption that did not pass: "says \"eating\""
  double score = 0;    // how many of the plan's facts it tells, less what is said twice
};

Verdict check_caption(std::string_view caption, const Plan& plan, const Wording& wording);

}  // namespace kale::describe
