#include "kale/networks/picture.h"

#include <algorithm>
#include <cmath>

#include "kale/networks/resample.h"

namespace kale {
namespace {

constexpr std::size_t kChannels = 3;
using Colour = std::array<std::uint8_t, kChannels>;

// A rectangle of `from`, which may reach over its edges, where it is `border`.
Pixels cut(const Pixels& from, int left, int top, int width, int height, Colour border) {
  Pixels to{.width = width, .height = height, .rgb = {}};
  to.rgb.reserve(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * kChannels);
  for (int y = top; y < top + height; ++y) {
    for (int x = left; x < left + width; ++x) {
      bool inside = x >= 0 && x < from.width && y >= 0 && y < from.height;
      const std::uint8_t* colour = inside ? from.at(x, y).data() : border.data();
      to.rgb.insert(to.rgb.end(), colour, colour + kChannels);
    }
  }
  return to;
}

Pixels pad_square(const Pixels& pixels, const PictureConfig& config) {
  int side = std::max(pixels.width, pixels.height);
  Colour border;
  for (std::size_t i = 0; i < kChannels; ++i) {
    border[i] = static_cast<std::uint8_t>(std::clamp(config.mean[i] * 255, 0.0, 255.0));
  }
  return cut(pixels, -((side - pixels.width) / 2), -((side - pixels.height) / 2), side, side,
             border);
}

Pixels resize(const Pixels& pixels, const PictureConfig& config) {
  if (config.width != 0) return resize_bicubic(pixels, config.width, config.height);
  auto longer = [&](int side, int shorter) {
    return static_cast<int>(std::int64_t{config.height} * side / shorter);
  };
  if (pixels.width <= pixels.height) {
    return resize_bicubic(pixels, config.height, longer(pixels.height, pixels.width));
  }
  return resize_bicubic(pixels, longer(pixels.width, pixels.height), config.height);
}

// The offset of the middle `size` of `side` pixels; below 0 where they are fewer, and then the odd
// pixel of border lies in front.
int middle(int side, int size) {
  return side >= size ? (side - size) / 2 : -((size - side + 1) / 2);
}

}  // namespace

Planes prepare_picture(Pixels pixels, const PictureConfig& config) {
  if (config.pad_square) pixels = pad_square(pixels, config);
  pixels = resize(pixels, config);
  if (config.crop) {
    pixels =
        cut(pixels, middle(pixels.width, config.crop_width),
            middle(pixels.height, config.crop_height), config.crop_width, config.crop_height, {});
  }
  Planes planes{.height = pixels.height, .width = pixels.width, .values = {}};
  planes.values.reserve(pixels.rgb.size());
  for (std::size_t channel = 0; channel < kChannels; ++channel) {
    auto mean = static_cast<float>(config.mean[channel]);
    auto deviation = static_cast<float>(config.deviation[channel]);
    for (std::size_t i = channel; i < pixels.rgb.size(); i += kChannels) {
      auto value = static_cast<float>(pixels.rgb[i] * config.scale);
      planes.values.push_back((value - mean) / deviation);
    }
  }
  return planes;
}

}  // namespace kale
