// The name a user most likely meant.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace kale {

// " (did you mean 'fuse'?)", or the whole list where nothing is near: " (known: decode, see,
// fuse)".
std::string hint(std::string_view given, const std::vector<std::string>& known);

}  // namespace kale
