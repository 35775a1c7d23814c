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

// Says what is wrong with the file `name`.
struct Complaint {
  std::string_view name;
  Error corrupt(std::string_view what) const {
    return {Code::kCorrupt, fmt::format("{}: {}; convert or download the file again", name, what)};
  }
};

struct Header {
  std::map<std::string, Entry, std::less<>>
      entries;  // without bytes; offsets from the header's end
  std::map<std::string, std::string> metadata;
};

// The length that a file's first eight bytes tell.
Result<std::uint64_t> checked_length(std::string_view eight, std::uint64_t file_bytes,
                                     const Complaint& complaint) {
  if (eight.size() < 8) return complaint.corrupt("shorter than its header");
  std::uint64_t length = header_length(eight);
  if (length > kSafetensorsHeaderBytesMax) {
    return Error{Code::kLimit, fmt::format("{}: a header of {} bytes is over the limit of {}",
                                           complaint.name, length, kSafetensorsHeaderBytesMax)};
  }
  if (length > file_bytes - 8) return complaint.corrupt("shorter than its header");
  return length;
}

Result<Header> parse_header(std::string_view text, std::uint64_t data_bytes,
                            const Complaint& complaint) {
  Json json = Json::parse(text, nullptr, false);
  if (!json.is_object()) return complaint.corrupt("its header is no JSON object");
  Header header;
  std::vector<Entry> entries;
  for (auto& [key, value] : json.items()) {
    if (key == "__metadata__") {
      if (!value.is_object()) return complaint.corrupt("its metadata is no JSON object");
      for (auto& [word, content] : value.items()) {
        if (content.is_string()) header.metadata[word] = content.get<std::string>();
      }
      continue;
    }
    auto entry = parse_entry(value, data_bytes);
    if (!entry) return complaint.corrupt("tensor " + key + " does not fit the file");
    entries.push_back(*entry);
    header.entries[key] = std::move(*entry);
  }
  if (overlap(entries)) return complaint.corrupt("two of its tensors overlap");
  return header;
}

}  // namespace

std::int64_t Tensor::elements() const {
  std::int64_t count = 1;
  for (std::int64_t side : shape) count *= side;
  return count;
}

Result<Safetensors> Safetensors::parse(std::string file, std::string name) {
  Complaint complaint{name};
  KALE_TRY(auto length,
           checked_length(std::string_view(file).substr(0, 8), file.size(), complaint));
  std::uint64_t data_bytes = file.size() - 8 - length;
  KALE_TRY(auto header,
           parse_header(std::string_view(file).substr(8, length), data_bytes, complaint));

  Safetensors tensors;
  tensors.file_.assign(file.begin(), file.end());
  std::string_view data = std::string_view(tensors.file_.data(), tensors.file_.size());
  data.remove_prefix(8 + length);
  for (auto& [key, entry] : header.entries) {
    entry.tensor.bytes = data.substr(entry.begin, entry.end - entry.begin);
    tensors.tensors_[key] = std::move(entry.tensor);
  }
  tensors.metadata_ = std::move(header.metadata);
  return tensors;
}

Result<SafetensorsFile> SafetensorsFile::open(Disk& disk, const std::filesystem::path& path) {
  SafetensorsFile file;
  file.path_ = path;
  KALE_TRY(file.file_, disk.open(path));
  std::string name = path.string();
  Complaint complaint{name};
  std::string eight(8, '\0');
  KALE_TRY(auto got, file.file_->read_at(0, eight));
  eight.resize(got);
  auto file_bytes = static_cast<std::uint64_t>(file.file_->bytes());
  KALE_TRY(auto length, checked_length(eight, file_bytes, complaint));
  std::string text(length, '\0');
  KALE_TRY(auto text_bytes, file.file_->read_at(8, text));
  if (text_bytes != length) return complaint.corrupt("shorter than its header");
  KALE_TRY(auto header, parse_header(text, file_bytes - 8 - length, complaint));
  for (auto& [key, entry] : header.entries) {
    file.tensors_[key] = {.dtype = std::move(entry.tensor.dtype),
                          .shape = std::move(entry.tensor.shape),
                          .offset = static_cast<std::int64_t>(8 + length + entry.begin),
                          .bytes = static_cast<std::int64_t>(entry.end - entry.begin)};
  }
  return file;
}

Status SafetensorsFile::read(const TensorPlace& place, std::span<char> out) const {
  KALE_CHECK(std::ssize(out) == place.bytes, "room for the whole tensor");
  KALE_TRY(auto got, file_->read_at(place.offset, out));
  if (got == out.size()) return {};
  std::string name = path_.string();
  return Complaint{name}.corrupt("cut off while it was read");
}

}  // namespace kale
