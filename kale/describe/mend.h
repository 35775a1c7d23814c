// Mends what small language models do again and again: they copy a name and forget the "probably"
// before it, and they run sentences together.
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

// "A newt, it is brown." becomes "A newt. It is brown."
std::string part_splices(std::string_view caption, const Plan& plan);

// A sentence that only says again what the background is goes.
std::string drop_second_background(std::string_view caption);

}  // namespace kale::describe
