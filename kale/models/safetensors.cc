#include "kale/models/safetensors.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

namespace kale {
namespace {

using Json = nlohmann::json;

constexpr int kDimensionsMax = 8;

std::optional<std::uint64_t> bytes_per_element(std::string_view dtype) {
  if (dtype == "F64" || dtype == "I64" || dtype == "U64") return 8;
  if (dtype == "F32" || dtype == "I32" || dtype == "U32") return 4;
  if (dtype == "F16" || dtype == "BF16" || dtype == "I16" || dtype == "U16") return 2;
  if (dtype == "I8" || dtype == "U8" || dtype == "BOOL") return 1;
  return std::nullopt;
}

struct Entry {
  Tensor tensor;
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

std::uint64_t header_length(std::string_view file) {
  std::uint64_t length = 0;
  for (int i = 7; i >= 0; --i) {
    length = (length << 8) | static_cast<unsigned char>(file[static_cast<std::size_t>(i)]);
  }
  return length;
}

// Sizes and offsets only; nullopt where the entry contradicts itself.
std::optional<Entry> parse_entry(const Json& json, std::uint64_t data_bytes) {
  if (!json.is_object() || !json.contains("dtype") || !json.contains("shape") ||
      !json.contains("data_offsets")) {
    return std::nullopt;
  }
  const Json& dtype = json["dtype"];
  const Json& shape = json["shape"];
  const Json& offsets = json["data_offsets"];
  if (!dtype.is_string() || !shape.is_array() || !offsets.is_array() || offsets.size() != 2 ||
      shape.size() > kDimensionsMax || !offsets[0].is_number_unsigned() ||
      !offsets[1].is_number_unsigned()) {
    return std::nullopt;
  }
  Entry entry;
  entry.tensor.dtype = dtype.get<std::string>();
  entry.begin = offsets[0].get<std::uint64_t>();
  entry.end = offsets[1].get<std::uint64_t>();
  auto bytes = bytes_per_element(entry.tensor.dtype);
  if (!bytes || entry.begin > entry.end || entry.end > data_bytes) return std::nullopt;
  for (const Json& side : shape) {
    if (!side.is_number_unsigned()) return std::nullopt;
    auto length = side.get<std::uint64_t>();
    // Neither a side nor their product exceeds the file's size, so nothing overflows.
    if (length > data_bytes) return std::nullopt;
    if (length != 0 && *bytes > data_bytes / length) return std::nullopt;
    *bytes *= length;
    entry.tensor.shape.push_back(static_cast<std::int64_t>(length));
  }
  if (*bytes != entry.end - entry.begin) return std::nullopt;
  return entry;
}

bool overlap(std::vector<Entry>& entries) {
  std::sort(entries.begin(), entries.end(),
            [](const Entry& l, const Entry& r) { return l.begin < r.begin; });
  for (std::size_t i = 1; i < entries.size(); ++i) {
    if (entries[i].begin < entries[i - 1].end) return true;
  }
  return false;
}

}  // namespace

std::int64_t Tensor::elements() const {
  std::int64_t count = 1;
  for (std::int64_t side : shape) count *= side;
  return count;
}

Result<Safetensors> Safetensors::parse(std::string file, std::string name) {
  auto corrupt = [&](std::string_view what) {
    return Error{Code::kCorrupt,
                 fmt::format("{}: {}; convert or download the file again", name, what)};
  };
  if (file.size() < 8) return corrupt("shorter than its header");
  std::uint64_t length = header_length(file);
  if (length > kHeaderBytesMax) {
    return Error{Code::kLimit, fmt::format("{}: a header of {} bytes is over the limit of {}", name,
                                           length, kHeaderBytesMax)};
  }
  if (length > file.size() - 8) return corrupt("shorter than its header");
  Json header = Json::parse(std::string_view(file).substr(8, length), nullptr, false);
  if (!header.is_object()) return corrupt("its header is no JSON object");

  Safetensors tensors;
  tensors.file_.assign(file.begin(), file.end());
  std::string_view data = std::string_view(tensors.file_.data(), tensors.file_.size());
  data.remove_prefix(8 + length);
  std::vector<Entry> entries;
  for (auto& [key, value] : header.items()) {
    if (key == "__metadata__") {
      if (!value.is_object()) return corrupt("its metadata is no JSON object");
      for (auto& [word, text] : value.items()) {
        if (text.is_string()) tensors.metadata_[word] = text.get<std::string>();
      }
      continue;
    }
    auto entry = parse_entry(value, data.size());
    if (!entry) return corrupt("tensor " + key + " does not fit the file");
    entry->tensor.bytes = data.substr(entry->begin, entry->end - entry->begin);
    tensors.tensors_[key] = entry->tensor;
    entries.push_back(std::move(*entry));
  }
  if (overlap(entries)) return corrupt("two of its tensors overlap");
  return tensors;
}

}  // namespace kale
