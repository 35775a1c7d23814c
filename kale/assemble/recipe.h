// A recipe file: the page of YAML that names the source, the engines and the steps of a system.
// Errors   kBadConfig naming file, key and cure; kNotFound for the file
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "kale/core/result.h"
#include "kale/yaml/page.h"

namespace kale {

struct Recipe : Page {
  std::vector<std::string> steps;
};

// `sets` are "room.option=value", the last one wins.
Result<Recipe> parse_recipe(const std::string& text, const std::filesystem::path& file,
                            const std::vector<std::string>& sets);
Result<Recipe> load_recipe(const std::filesystem::path& file, const std::vector<std::string>& sets);

}  // namespace kale
