// Names as a user wrote them: which one was meant, and how a message shows it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace kale {

// " (did you mean 'fuse'?)", or the whole list where nothing is near: " (known: decode, see,
// fuse)".
std::string hint(std::string_view given, const std::vector<std::string>& known);

// The name fit for a message: cut where it is long, no control characters.
std::string shown(std::string_view name);

}  // namespace kale
