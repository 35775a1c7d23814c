#include "kale/models/folder.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <set>

namespace kale {
namespace fs = std::filesystem;

Result<NetworkConfig> load_config(Disk& disk, const fs::path& folder) {
  fs::path path = folder / "config.json";
  KALE_TRY(auto json, disk.read(path, kConfigBytesMax));
  return read_config(json, path.string());
}

Result<PictureConfig> load_picture_config(Disk& disk, const fs::path& folder) {
  fs::path path = folder / "processor_config.json";
  KALE_TRY(auto info, disk.stat(path));
  if (info) {
    KALE_TRY(auto json, disk.read(path, kConfigBytesMax));
    auto parsed = nlohmann::json::parse(json, nullptr, false);
    if (!parsed.is_object() || parsed.contains("image_processor")) {
      return read_picture_config(json, path.string());
    }
  }
  path = folder / "preprocessor_config.json";
  KALE_TRY(auto json, disk.read(path, kConfigBytesMax));
  return read_picture_config(json, path.string());
}

Result<std::vector<fs::path>> weight_files(Disk& disk, const fs::path& folder) {
  fs::path whole = folder / "model.safetensors";
  fs::path index = folder / "model.safetensors.index.json";
  KALE_TRY(auto whole_info, disk.stat(whole));
  if (whole_info) return std::vector<fs::path>{whole};
  KALE_TRY(auto index_info, disk.stat(index));
  if (!index_info) {
    return Error{Code::kNotFound,
                 fmt::format("{}: neither model.safetensors nor model.safetensors.index.json; name "
                             "a folder as transformers writes it (weights in .bin files are not "
                             "read: save them with safe_serialization)",
                             folder.string())};
  }
  KALE_TRY(auto text, disk.read(index, kIndexBytesMax));
  auto json = nlohmann::json::parse(text, nullptr, false);
  auto corrupt = [&](std::string_view what) {
    return Error{Code::kCorrupt,
                 fmt::format("{}: {}; download the file again", index.string(), what)};
  };
  if (!json.is_object() || !json.contains("weight_map") || !json["weight_map"].is_object()) {
    return corrupt("it has no weight_map");
  }
  std::set<std::string> names;
  for (const auto& [tensor, file] : json["weight_map"].items()) {
    if (!file.is_string()) return corrupt("tensor " + tensor + " lies in no file");
    auto name = file.get<std::string>();
    if (name.empty() || fs::path(name).filename() != name || name == "..") {
      return corrupt("it names " + name + ", which is no file of this folder");
    }
    names.insert(std::move(name));
  }
  if (names.empty()) return corrupt("its weight_map is empty");
  std::vector<fs::path> files;
  for (const std::string& name : names) files.push_back(folder / name);
  return files;
}

}  // namespace kale
