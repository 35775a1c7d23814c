#include "kale/decode/geometry.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace kale {
namespace {

// Half to even, and never to nothing.
std::int64_t scaled_side(std::int64_t side, double scale) {
  return std::max<std::int64_t>(1, std::llrint(static_cast<double>(side) * scale));
}

// Floor of the half, also of what is cut off.
std::int64_t centred(std::int64_t picture, std::int64_t canvas) {
  return canvas >= picture ? (canvas - picture) / 2 : -((picture - canvas) / 2);
}

}  // namespace

std::optional<ResizeMode> resize_mode(std::string_view name) {
  constexpr std::array<std::string_view, 6> kNames = {
      "fit", "border", "keep_ratio", "keep_ratio_largest", "center_crop", "no"};
  auto found = std::find(kNames.begin(), kNames.end(), name);
  if (found == kNames.end()) return std::nullopt;
  return static_cast<ResizeMode>(found - kNames.begin());
}

Geometry resize_geometry(PictureSize picture, const ResizePlan& plan) {
  bool by_short = plan.mode == ResizeMode::kKeepRatio || plan.mode == ResizeMode::kCenterCrop;
  std::int64_t measured =
      by_short ? std::min(picture.width, picture.height) : std::max(picture.width, picture.height);
  bool only_if_bigger = plan.only_if_bigger || plan.mode == ResizeMode::kFit;
  Geometry geometry{picture, picture};
  if (plan.mode == ResizeMode::kNo || (only_if_bigger && measured <= plan.side)) return geometry;
  double scale = static_cast<double>(plan.side) / static_cast<double>(measured);
  geometry.scaled = {scaled_side(picture.width, scale), scaled_side(picture.height, scale)};
  bool square = plan.mode == ResizeMode::kBorder || plan.mode == ResizeMode::kCenterCrop;
  geometry.canvas = square ? PictureSize{plan.side, plan.side} : geometry.scaled;
  geometry.left = centred(geometry.scaled.width, geometry.canvas.width);
  geometry.top = centred(geometry.scaled.height, geometry.canvas.height);
  return geometry;
}

}  // namespace kale
