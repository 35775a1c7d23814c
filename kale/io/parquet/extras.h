// Columns of the input that kale does not read: made, joined and looked at without knowing Arrow.
// A batch of them is shared by the rows it belongs to; each row holds an index into it.
// One name may have two types in two batches: kale/io/parquet/common_type.h says what holds both.
// Threads  batches are never changed after they are made
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kale/core/result.h"
#include "kale/core/row.h"

namespace kale {

// Each column costs memory in every shard and every published file, however few rows have it.
inline constexpr std::size_t kExtraColumnsMax = 4000;

using ExtrasPtr = std::shared_ptr<const ExtraColumns>;

// Text columns by name; rows[i][c] is row i's value of names[c], nothing for null.
ExtrasPtr make_text_extras(const std::vector<std::string>& names,
                           const std::vector<std::vector<std::optional<std::string>>>& rows);

// A batch without rows whose columns are those of all `batches`, in order of first appearance, each
// of a type that holds its values in every batch.
// Nulls in the list are passed over; the result is never null. kLimit beyond kExtraColumnsMax.
Result<ExtrasPtr> unite_extras(std::span<const ExtrasPtr> batches);

std::vector<std::string> extras_names(const ExtrasPtr& extras);

// One value as text, for tests and for people; nothing for null or an unknown name.
std::optional<std::string> extras_value(const Row& row, std::string_view name);

}  // namespace kale
