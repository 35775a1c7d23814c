// What sources do alike to the rows they make.
// Threads  free functions, safe
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "kale/core/source.h"
#include "kale/text/utf8.h"

namespace kale {

inline bool is_on(const SourceRow& row) { return std::holds_alternative<On>(row.outcome); }

// Without the blanks around it; nothing where nothing is left.
inline std::optional<std::string> given(std::string_view text) {
  std::string_view value = trim(text);
  return value.empty() ? std::nullopt : std::optional<std::string>(value);
}

// What is not there fills nothing.
inline void fill(Row& row, Column column, std::string Row::*field,
                 std::optional<std::string> value) {
  if (!value) return;
  row.*field = std::move(*value);
  row.filled |= Columns{column};
}

// Of rows for which the input named nobody; empty options say nothing.
inline void fill_defaults(Row& row, const std::string& licence, const std::string& attribution) {
  if (!licence.empty() && !row.filled.has(Column::kLicence))
    fill(row, Column::kLicence, &Row::licence, licence);
  if (!attribution.empty() && !row.filled.has(Column::kAttribution))
    fill(row, Column::kAttribution, &Row::attribution, attribution);
}

}  // namespace kale
