// Extra columns of rows as JSON, for formats whose rows are JSON.
// Threads  one at a time
#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "kale/core/row.h"

namespace kale {

// The columns of some names, looked up once for each batch that rows share.
class ExtrasJson {
 public:
  explicit ExtrasJson(std::vector<std::string> names) : names_(std::move(names)) {}

  // Null for null and for what JSON has no form of: bytes, and names the row lacks. Lists and
  // structs keep their form; times and decimals become text.
  nlohmann::ordered_json value(const Row& row, std::size_t column);

 private:
  std::vector<std::string> names_;
  std::shared_ptr<const ExtraColumns> batch_;  // held: another may come to lie where one was
  std::vector<int> places_;                    // in it, of names_; -1 for none
};

}  // namespace kale
