// A page of YAML that somebody wrote for a run: what recipes of captioning and of training share.
// Errors   kBadConfig naming file, key and cure; kNotFound for the file
// Threads  plain values
#pragma once

#include <yaml-cpp/yaml.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "kale/core/result.h"

namespace kale {

struct Page {
  std::string name;  // key name, or the file's own
  std::uint64_t seed = 1;
  std::filesystem::path folder;  // where relative paths in it start
  YAML::Node tree;               // with --set applied
};

// `sets` are "room.option=value", the last one wins; `sections` says in a message what it holds.
Result<Page> parse_page(const std::string& text, const std::filesystem::path& file,
                        const std::vector<std::string>& sets, std::string_view sections);
Result<std::string> read_page(const std::filesystem::path& file);

// kBadConfig for the first key of the page that is none of `known`.
Status check_keys(const YAML::Node& tree, const std::string& file,
                  const std::vector<std::string>& known);

}  // namespace kale
