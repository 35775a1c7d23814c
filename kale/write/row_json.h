// A published row as JSON: every published column under its name, in file order, null where nobody
// filled it, so that all rows have the same keys. Pictures are not in it.
// Threads  one at a time
#pragma once

#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kale/io/parquet/extras_json.h"
#include "kale/write/format.h"

namespace kale {

// Names are chosen once for all rows. `held` are the keys that every object already has: an extra
// column of such a name gets "input_" before it.
class RowJson {
 public:
  // `columns` outlives it.
  explicit RowJson(const TableSpec& columns, std::span<const std::string_view> held = {});
  // Put after what `object` already holds.
  void add(nlohmann::ordered_json& object, const PublishedRow& row);

 private:
  const TableSpec& columns_;
  ExtrasJson extras_;               // by their names in the input
  std::vector<std::string> names_;  // beside extras_: in the object
};

// One line; bytes that are not UTF-8 become U+FFFD.
std::string json_line(const nlohmann::ordered_json& object);

}  // namespace kale
