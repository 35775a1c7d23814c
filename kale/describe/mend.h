// Gives a caption back the doubt that a language model dropped: small models copy a name and forget
// the "probably" before it.
#pragma once

#include <string>
#include <string_view>

#include "kale/describe/plan.h"
#include "kale/describe/wording.h"

namespace kale::describe {

// The first unhedged mention of the plan's unsure name becomes `subject` ("what may be a newt"),
// further ones "the subject" or, where the kind is sure, "the bird". Other words stay.
std::string restore_hedge(std::string_view caption, const Plan& plan, const Wording& wording,
                          std::string_view subject);

}  // namespace kale::describe
