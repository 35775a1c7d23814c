// YAML text to a tree, within limits that hold however its aliases are walked afterwards.
// Errors   kBadConfig naming the file and the limit or the place
#pragma once

#include <yaml-cpp/yaml.h>

#include <cstdint>
#include <string>

#include "kale/core/result.h"

namespace kale {

inline constexpr int kYamlDepthMax = 32;
// Every alias counts as all that it stands for, so a few lines of aliases of aliases cannot grow
// into billions of nodes.
inline constexpr std::int64_t kYamlNodesMax = 100'000;

// The first document of `text`; `where` is how messages name it.
Result<YAML::Node> load_yaml(const std::string& text, const std::string& where);

// Puts one `--set room.option=value` into a recipe; maps on the way are made where they lack.
Status apply_set(YAML::Node tree, const std::string& set);

}  // namespace kale
