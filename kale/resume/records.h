// A text file of checksummed lines: version line first, then "<16 hex xxh3-64> <payload>\n" each.
// A torn last line is ignored, a damaged line in the middle is skipped, an unknown version is
// refused.
// Errors   kCorrupt for a foreign or newer version line
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kale/core/result.h"

namespace kale {

// Past this a number in a record is damage: JSON holds no larger whole number in every reader, and
// sums of them stay far from the end of 64 bits.
inline constexpr std::int64_t kCountMax = std::int64_t{1} << 53;
std::optional<std::int64_t> count_from_json(const nlohmann::json& value);  // 0 to kCountMax

// Paths are bytes, JSON is UTF-8: a path that is not UTF-8 is kept as a list of its bytes.
nlohmann::json path_to_json(const std::string& path);
std::optional<std::string> path_from_json(const nlohmann::json& value);

struct RecordLines {
  std::vector<std::string_view> payloads;  // views into the text that was parsed
  std::size_t damaged = 0;  // lines whose checksum does not match, a torn tail included
};

std::string record_line(std::string_view payload);  // payload holds no newline
// `text` may be empty or a prefix of the version line: a file that was cut before anything was in
// it.
Result<RecordLines> parse_record_lines(std::string_view text, std::string_view version_line,
                                       std::string_view file_name);

}  // namespace kale
