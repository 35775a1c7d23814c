// One value of an Arrow column as JSON; for the files of this room only. Lists, structs and maps
// keep their form (a map whose keys are no texts is a list of pairs), a coded value is what its
// code stands for, times and decimals become text.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

namespace arrow {
class Array;
}

namespace kale {

enum class BytesAs { kNull, kHex };

// Null for null.
nlohmann::ordered_json value_json(const arrow::Array& values, std::int64_t at, BytesAs bytes);

// A text as it is, anything else as its JSON; keys in the order of names.
std::string json_text(const nlohmann::ordered_json& value);

}  // namespace kale
