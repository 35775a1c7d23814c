// A published row as JSON: every published column under its name, in file order, null where nobody
// filled it, so that all rows have the same keys. Pictures are not in it.
// Threads  free functions, safe
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "kale/write/format.h"

namespace kale {

// Put after what `object` already holds; extra columns of a name that is taken get "input_" before
// it.
void add_columns(nlohmann::ordered_json& object, const TableSpec& columns, const PublishedRow& row);

// One line; bytes that are not UTF-8 become U+FFFD.
std::string json_line(const nlohmann::ordered_json& object);

}  // namespace kale
