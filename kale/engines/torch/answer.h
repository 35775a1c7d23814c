// Logits to the engine's answer.
// Threads  free functions, no shared state
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kale {

// One name a line; an empty last line does not count.
std::vector<std::string> split_names(std::string_view text);

// {"classes": [{"name", "probability"}]}: the `count` likeliest, by softmax. Classes of one name
// (ImageNet has two pairs) count as one.
std::string classes_json(std::span<const float> logits, const std::vector<std::string>& names,
                         int count);

}  // namespace kale
