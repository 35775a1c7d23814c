#include <nlohmann/json.hpp>

#include "kale/models/safetensors.h"

namespace kale {
namespace {

constexpr std::size_t kAlignment = 8;  // of the first tensor, as the format asks

std::string header_of(const std::map<std::string, Tensor, std::less<>>& tensors,
                      const std::map<std::string, std::string>& metadata) {
  nlohmann::json header = nlohmann::json::object();
  if (!metadata.empty()) header["__metadata__"] = metadata;
  std::size_t offset = 0;
  for (const auto& [name, tensor] : tensors) {
    header[name] = {{"dtype", tensor.dtype},
                    {"shape", tensor.shape},
                    {"data_offsets", {offset, offset + tensor.bytes.size()}}};
    offset += tensor.bytes.size();
  }
  std::string text = header.dump();
  text.resize((text.size() + kAlignment - 1) / kAlignment * kAlignment, ' ');
  std::string length;
  for (int i = 0; i < 8; ++i) length += static_cast<char>((text.size() >> (8 * i)) & 0xFF);
  return length + text;
}

}  // namespace

Status write_safetensors(Disk& disk, const std::filesystem::path& path,
                         const std::map<std::string, Tensor, std::less<>>& tensors,
                         const std::map<std::string, std::string>& metadata) {
  std::filesystem::path aside = path;
  aside += ".aside";
  KALE_TRY(auto file, disk.create(aside));
  KALE_OK(file->append(header_of(tensors, metadata)));
  for (const auto& [name, tensor] : tensors) KALE_OK(file->append(tensor.bytes));
  KALE_OK(file->sync());
  KALE_OK(file->close());
  return disk.rename(aside, path);
}

}  // namespace kale
