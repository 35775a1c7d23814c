// Extra columns of a row as JSON, for formats whose rows are JSON.
// Threads  free functions, safe
#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

#include "kale/core/row.h"

namespace kale {

// Null for null and for what JSON has no form of: bytes, and names the row lacks. Lists and structs
// keep their form; times and decimals become text.
nlohmann::ordered_json extras_json(const Row& row, std::string_view name);

}  // namespace kale
