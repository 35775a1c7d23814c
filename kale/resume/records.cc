#include "kale/resume/records.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "kale/io/digest.h"

namespace kale {

std::optional<std::int64_t> count_from_json(const nlohmann::json& value) {
  if (!value.is_number_unsigned()) return {};
  auto count = value.get<std::uint64_t>();
  if (count > static_cast<std::uint64_t>(kCountMax)) return {};
  return static_cast<std::int64_t>(count);
}

nlohmann::json path_to_json(const std::string& path) {
  using nlohmann::json;
  json text = path;
  if (json::parse(text.dump(-1, ' ', false, json::error_handler_t::replace)) == text) return text;
  return json(std::vector<std::uint8_t>(path.begin(), path.end()));
}

std::optional<std::string> path_from_json(const nlohmann::json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (!value.is_array()) return {};
  std::string path;
  for (const nlohmann::json& byte : value) {
    if (!byte.is_number_unsigned() || byte.get<std::uint64_t>() > 255) return {};
    path += static_cast<char>(byte.get<std::uint64_t>());
  }
  return path;
}

std::string record_line(std::string_view payload) {
  KALE_CHECK(payload.find('\n') == std::string_view::npos, "a record is one line");
  return fmt::format("{:016x} {}\n", xxh3_64(payload), payload);
}

Result<RecordLines> parse_record_lines(std::string_view text, std::string_view version_line,
                                       std::string_view file_name) {
  RecordLines lines;
  std::size_t end = text.find('\n');
  std::string_view first = text.substr(0, end);
  if (end == std::string_view::npos && version_line.starts_with(first)) {
    lines.damaged = text.empty() ? 0 : 1;
    return lines;
  }
  if (first != version_line)
    return Error{
        Code::kCorrupt,
        fmt::format("{} starts with '{}', this kale reads '{}'; use the kale that wrote it, "
                    "or a new output folder",
                    file_name, first.substr(0, 40), version_line)};
  for (text.remove_prefix(end + 1); !text.empty(); text.remove_prefix(end + 1)) {
    end = text.find('\n');
    if (end == std::string_view::npos) {
      ++lines.damaged;
      break;
    }
    std::string_view line = text.substr(0, end);
    std::string_view payload = line.size() > 17 ? line.substr(17) : std::string_view();
    if (line.substr(0, 17) == fmt::format("{:016x} ", xxh3_64(payload)))
      lines.payloads.push_back(payload);
    else
      ++lines.damaged;
  }
  return lines;
}

}  // namespace kale
