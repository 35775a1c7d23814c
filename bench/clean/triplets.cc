#include "bench/clean/triplets.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "kale/io/disk.h"

namespace kale::bench {
namespace {

using nlohmann::json;

constexpr std::int64_t kFileBytesMax = std::int64_t{1} << 30;

bool take(const json& object, const char* key, std::string& out) {
  const auto found = object.find(key);
  if (found == object.end() || !found->is_string()) return false;
  out = found->get<std::string>();
  return true;
}

}  // namespace

Result<std::vector<Triplet>> read_triplets(const std::filesystem::path& file) {
  KALE_TRY(const std::string text, real_disk().read(file, kFileBytesMax));
  std::vector<Triplet> rows;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const json object =
        json::parse(text.begin() + static_cast<std::ptrdiff_t>(begin),
                    text.begin() + static_cast<std::ptrdiff_t>(end), nullptr, false);
    Triplet row;
    if (!object.is_object() || !take(object, "alt_text", row.alt_text) ||
        !take(object, "synthetic", row.synthetic) || !take(object, "fused", row.fused))
      return Error{Code::kCorrupt, fmt::format("{}:{}: not an object with the texts alt_text, "
                                               "synthetic and fused; download the file again",
                                               file.string(), rows.size() + 1)};
    rows.push_back(std::move(row));
    begin = end + 1;
  }
  return rows;
}

}  // namespace kale::bench
