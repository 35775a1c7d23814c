#include "kale/gguf/weights.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <bit>
#include <cstring>
#include <string_view>
#include <utility>

#include "kale/core/check.h"
#include "kale/models/folder.h"
#include "kale/models/names.h"

namespace kale {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kNamesInErrors = 5;

std::string list_names(const std::vector<std::string>& names) {
  std::size_t shown = std::min(names.size(), kNamesInErrors);
  std::string text = fmt::format("{}", fmt::join(names.begin(), names.begin() + shown, ", "));
  if (names.size() > shown) text += fmt::format(" and {} more", names.size() - shown);
  return text;
}

std::size_t bytes_of(std::string_view dtype) {
  if (dtype == "F32") return 4;
  return dtype == "F16" || dtype == "BF16" ? 2 : 0;
}

float half_to_float(std::uint16_t half) {
  std::uint32_t sign = (half & 0x8000U) << 16, exponent = (half >> 10) & 0x1F, rest = half & 0x3FF;
  if (exponent == 0) {  // zero and what is below the smallest normal number: steps of 2^-24
    float value = static_cast<float>(rest) * 0x1p-24F;
    return sign != 0 ? -value : value;
  }
  exponent = exponent == 0x1F ? 0xFF : exponent + 112;
  return std::bit_cast<float>(sign | (exponent << 23) | (rest << 13));
}

}  // namespace

Result<LlavaWeights> LlavaWeights::open(Disk& disk, const fs::path& folder) {
  LlavaWeights weights;
  weights.folder_ = folder;
  KALE_TRY(weights.paths_, weight_files(disk, folder));
  for (const fs::path& path : weights.paths_) {
    KALE_TRY(auto file, SafetensorsFile::open(disk, path));
    for (const auto& [name, tensor] : file.tensors()) {
      if (is_buffer(name)) continue;
      std::string ours = renamed(name, kLlavaRenames);
      Place place{weights.files_.size(), name, tensor, false};
      auto [known, is_new] = weights.places_.try_emplace(ours, std::move(place));
      if (!is_new) {
        return Error{Code::kCorrupt,
                     fmt::format("{}: tensor {} stands in the folder twice; download it again",
                                 path.string(), name)};
      }
    }
    weights.files_.push_back(std::move(file));
  }
  return weights;
}

void LlavaWeights::claim(const std::string& name, const std::vector<std::int64_t>& shape) {
  auto found = places_.find(name);
  if (found == places_.end()) return missing_.push_back(name);
  Place& place = found->second;
  place.claimed = true;
  if (!unfit_.empty()) return;
  if (place.tensor.shape != shape) {
    unfit_ = fmt::format(
        "{}: tensor {} is [{}], and config.json asks for [{}]; the two files belong to different "
        "networks, take both from one folder",
        paths_[place.file].string(), place.name, fmt::join(place.tensor.shape, ", "),
        fmt::join(shape, ", "));
  } else if (bytes_of(place.tensor.dtype) == 0) {
    unfit_ = fmt::format(
        "{}: tensor {} is {}; kale reads F32, F16 and BF16, so convert the checkpoint, or take one "
        "that is not quantised",
        paths_[place.file].string(), place.name, place.tensor.dtype);
  }
}

void LlavaWeights::leave_out(const std::string& beginning) {
  for (auto& [name, place] : places_) {
    if (name.starts_with(beginning)) place.claimed = true;
  }
}

Status LlavaWeights::check() const {
  if (!missing_.empty()) {
    return Error{Code::kBadConfig,
                 fmt::format("{}: {} tensors that config.json asks for are missing: {}; take all "
                             "files of the folder, and look at tie_word_embeddings in config.json",
                             folder_.string(), missing_.size(), list_names(missing_))};
  }
  if (!unfit_.empty()) return Error{Code::kBadConfig, unfit_};
  std::vector<std::string> left;
  for (const auto& [name, place] : places_) {
    if (!place.claimed) left.push_back(place.name);
  }
  if (left.empty()) return {};
  return Error{Code::kBadConfig,
               fmt::format("{}: {} tensors have no place in the network of config.json: {}; take "
                           "the config.json that came with the weights",
                           folder_.string(), left.size(), list_names(left))};
}

Result<std::vector<float>> LlavaWeights::read(const std::string& name) const {
  auto found = places_.find(name);
  KALE_CHECK(found != places_.end() && found->second.claimed, name + " is read unclaimed");
  const Place& place = found->second;
  std::string bytes(static_cast<std::size_t>(place.tensor.bytes), '\0');
  KALE_OK(files_[place.file].read(place.tensor, bytes));
  std::size_t size = bytes_of(place.tensor.dtype);
  std::vector<float> values(bytes.size() / size);
  if (size == 4) {
    std::memcpy(values.data(), bytes.data(), bytes.size());
    return values;
  }
  const bool half = place.tensor.dtype == "F16";
  for (std::size_t i = 0; i < values.size(); ++i) {
    std::uint16_t bits = 0;
    std::memcpy(&bits, bytes.data() + 2 * i, 2);
    values[i] = half ? half_to_float(bits) : std::bit_cast<float>(std::uint32_t{bits} << 16);
  }
  return values;
}

}  // namespace kale
