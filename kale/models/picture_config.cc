#include "kale/models/picture_config.h"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "kale/models/config.h"

namespace kale {
namespace {

using Json = nlohmann::json;

constexpr int kBicubic = 3;  // of PIL.Image.Resampling

// Collects what is wrong first, so that reading goes on in a straight line.
class Keys {
 public:
  Keys(const Json& json, std::string_view name) : json_(json), name_(name) {}

  const Json* find(std::string_view key) const {
    auto found = json_.find(key);
    return found == json_.end() || found->is_null() ? nullptr : &*found;
  }
  void refuse(std::string_view key, const Json& value, std::string_view expected) {
    if (error_) return;
    error_ = Error{Code::kBadConfig,
                   fmt::format("{}: key {} is {}, where kale knows {}; correct the key if it is "
                               "wrong, else take another checkpoint",
                               name_, key, value.dump().substr(0, 40), expected)};
  }
  bool flag(std::string_view key, bool otherwise) {
    const Json* found = find(key);
    if (found == nullptr) return otherwise;
    if (!found->is_boolean()) refuse(key, *found, "true or false");
    return found->is_boolean() ? found->get<bool>() : otherwise;
  }
  bool side(std::string_view key, const Json& value, int& out) {
    bool fits = value.is_number_unsigned() && value.get<std::uint64_t>() > 0 &&
                value.get<std::uint64_t>() <= static_cast<std::uint64_t>(kSidePxMax);
    if (!fits) refuse(key, value, fmt::format("sides from 1 to {}", kSidePxMax));
    if (fits) out = value.get<int>();
    return fits;
  }
  // {"height", "width"}, {"shortest_edge"} or, long ago, a number for the latter; a crop's number
  // is both sides.
  void size(std::string_view key, int& height, int& width, bool square) {
    const Json* found = find(key);
    if (found == nullptr) return;
    if (!found->is_object()) {
      if (side(key, *found, height)) width = square ? height : 0;
      return;
    }
    if (found->contains("shortest_edge") && !(*found)["shortest_edge"].is_null()) {
      if (side(key, (*found)["shortest_edge"], height)) width = 0;
    } else if (found->contains("height") && found->contains("width")) {
      side(key, (*found)["height"], height);
      side(key, (*found)["width"], width);
    } else {
      refuse(key, *found, "height and width, or shortest_edge");
    }
  }
  void colours(std::string_view key, std::array<double, 3>& out, bool positive) {
    const Json* found = find(key);
    if (found == nullptr) return;
    bool fits = found->is_array() && found->size() == out.size();
    for (std::size_t i = 0; fits && i < out.size(); ++i) {
      fits = (*found)[i].is_number() && (!positive || (*found)[i].get<double>() > 0);
    }
    if (!fits) return refuse(key, *found, "a number for each of three colours");
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = (*found)[i].get<double>();
  }
  Status status() const { return error_ ? Status(*error_) : Status(); }

 private:
  const Json& json_;
  std::string_view name_;
  std::optional<Error> error_;
};

}  // namespace

Result<PictureConfig> read_picture_config(std::string_view json, std::string_view name) {
  Json parsed = Json::parse(json, nullptr, false);
  if (parsed.is_object() && parsed.contains("image_processor")) {
    parsed = Json(parsed["image_processor"]);
  }
  if (!parsed.is_object()) {
    return Error{Code::kBadConfig,
                 fmt::format("{}: no JSON object; download the checkpoint again", name)};
  }
  Keys keys(parsed, name);
  PictureConfig config;
  std::string type;
  for (std::string_view key : {"feature_extractor_type", "image_processor_type"}) {
    const Json* found = keys.find(key);
    if (found != nullptr && found->is_string()) type = found->get<std::string>();
  }
  bool siglip = type.starts_with("Siglip");
  bool known = siglip || type.starts_with("CLIP") || type.starts_with("Llava") || type.empty();
  if (!known || type.starts_with("LlavaNext") || type.starts_with("LlavaOnevision") ||
      type.starts_with("Siglip2")) {
    keys.refuse("image_processor_type", type, "those of CLIP, SigLIP and LLaVA");
  }
  if (siglip) {
    config.width = config.height;
    config.mean = config.deviation = {0.5, 0.5, 0.5};
  }
  if (const Json* found = keys.find("resample"); found != nullptr && *found != kBicubic) {
    keys.refuse("resample", *found, "3 (bicubic) only");
  }
  for (std::string_view key : {"do_resize", "do_rescale", "do_normalize"}) {
    if (!keys.flag(key, true)) keys.refuse(key, false, "true only");
  }
  keys.size("size", config.height, config.width, false);
  config.crop = keys.flag("do_center_crop", !siglip);
  keys.size("crop_size", config.crop_height, config.crop_width, true);
  if (config.crop_width == 0) keys.refuse("crop_size", config.crop_height, "height and width");
  config.pad_square = keys.flag("do_pad", false) && type.starts_with("Llava");
  keys.colours("image_mean", config.mean, false);
  keys.colours("image_std", config.deviation, true);
  if (const Json* found = keys.find("rescale_factor")) {
    if (!found->is_number()) keys.refuse("rescale_factor", *found, "a number");
    if (found->is_number()) config.scale = found->get<double>();
  }
  KALE_OK(keys.status());
  return config;
}

}  // namespace kale
