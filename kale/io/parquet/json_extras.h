// Columns that kale does not read, out of JSON objects: one a row.
//
// A key is a column, in the order of names: true and false are bool, whole numbers int64, real
// numbers double, texts string; lists and objects are lists and structs of these. Where the rows
// disagree, kale/io/parquet/common_type.h says what holds them all: in the end text, each value
// that is no text as its JSON. Text too are whole numbers beyond int64 and what is nested deeper
// than kJsonNestingMax. A null, and a key that a row lacks, is null.
// Errors   kCorrupt for what is no JSON object; rows that disagree are no error
// Threads  one at a time
// Units    at most kJsonColumnsMax names for each JsonExtras; values of further ones go together,
//          as JSON, into one more column, `other_keys`
#pragma once

#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "kale/core/result.h"
#include "kale/io/parquet/extras.h"

namespace kale {

inline constexpr std::size_t kJsonColumnsMax = 256;
inline constexpr int kJsonNestingMax = 8;
// What is deeper is refused: whoever walks a value does so on the stack.
inline constexpr int kJsonDepthMax = 64;

// And an object of more values than this: each takes far more memory than its text.
inline constexpr std::int64_t kJsonValuesMax = 100'000;

// `what` names the text in errors. NaN and Infinity, which Python writes into JSON, read as null;
// of a key that comes twice the last value counts.
Result<nlohmann::json> parse_json_object(std::string_view text, std::string_view what);

// The first of `names` whose value is neither null nor a blank text, else the first that `object`
// has; its end where it has none.
nlohmann::json::iterator find_given(nlohmann::json& object, const std::vector<std::string>& names);

// Makes the batches of one reader, so that the columns of a shard are bounded together.
class JsonExtras {
 public:
  // objects[i] is row i's; null where it has none. Null where no row has a key.
  ExtrasPtr batch(const std::vector<nlohmann::json>& objects);

 private:
  std::set<std::string, std::less<>> names_;
};

}  // namespace kale
