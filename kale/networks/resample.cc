#include "kale/networks/resample.h"

#include <algorithm>
#include <cmath>

#include "kale/core/check.h"

namespace kale {
namespace {

constexpr int kFractionBits = 22;
constexpr double kSharpness = -0.5;  // Keys' cubic, a
constexpr double kReach = 2;         // where it ends
constexpr std::size_t kChannels = 3;

double cubic(double x) {
  x = std::abs(x);
  if (x < 1) return ((kSharpness + 2) * x - (kSharpness + 3)) * x * x + 1;
  if (x < kReach) return (((x - 5) * x + 8) * x - 4) * kSharpness;
  return 0;
}

// Which of a line's pixels make one new pixel, and by how much.
struct Weights {
  int first = 0;
  std::vector<std::int32_t> fixed;
};

std::vector<Weights> weights_of(int from, int to) {
  double scale = static_cast<double>(from) / to;
  double widened = std::max(scale, 1.0);
  double reach = kReach * widened;
  std::vector<Weights> all;
  for (int i = 0; i < to; ++i) {
    double center = (i + 0.5) * scale;
    int first = std::max(static_cast<int>(center - reach + 0.5), 0);
    int end = std::min(static_cast<int>(center + reach + 0.5), from);
    std::vector<double> exact;
    double sum = 0;
    for (int j = first; j < end; ++j) {
      exact.push_back(cubic((j - center + 0.5) * (1.0 / widened)));
      sum += exact.back();
    }
    Weights weights{.first = first, .fixed = {}};
    for (double weight : exact) {
      double scaled = weight * (1.0 / sum) * (1 << kFractionBits);
      weights.fixed.push_back(static_cast<std::int32_t>(scaled < 0 ? scaled - 0.5 : scaled + 0.5));
    }
    all.push_back(std::move(weights));
  }
  return all;
}

std::uint8_t rounded(std::int64_t sum) {
  sum = (sum + (std::int64_t{1} << (kFractionBits - 1))) >> kFractionBits;
  return static_cast<std::uint8_t>(std::clamp<std::int64_t>(sum, 0, 255));
}

// `stride` numbers lie between the pixels that are mixed.
void mix(const std::uint8_t* from, std::size_t stride, const Weights& weights, std::uint8_t* to) {
  const std::uint8_t* first = from + static_cast<std::size_t>(weights.first) * stride;
  for (std::size_t channel = 0; channel < kChannels; ++channel) {
    std::int64_t sum = 0;
    const std::uint8_t* at = first + channel;
    for (std::int32_t weight : weights.fixed) {
      sum += std::int64_t{weight} * *at;
      at += stride;
    }
    to[channel] = rounded(sum);
  }
}

Pixels blank(int width, int height) {
  Pixels pixels{.width = width, .height = height, .rgb = {}};
  pixels.rgb.resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * kChannels);
  return pixels;
}

Pixels resize_columns(const Pixels& from, int width) {
  if (width == from.width) return from;
  Pixels to = blank(width, from.height);
  auto weights = weights_of(from.width, width);
  std::uint8_t* out = to.rgb.data();
  for (int y = 0; y < from.height; ++y) {
    for (const Weights& w : weights) {
      mix(from.at(0, y).data(), kChannels, w, out);
      out += kChannels;
    }
  }
  return to;
}

Pixels resize_rows(const Pixels& from, int height) {
  if (height == from.height) return from;
  Pixels to = blank(from.width, height);
  auto weights = weights_of(from.height, height);
  std::size_t stride = static_cast<std::size_t>(from.width) * kChannels;
  std::uint8_t* out = to.rgb.data();
  for (const Weights& w : weights) {
    for (int x = 0; x < from.width; ++x) {
      mix(from.at(x, 0).data(), stride, w, out);
      out += kChannels;
    }
  }
  return to;
}

}  // namespace

Pixels resize_bicubic(const Pixels& pixels, int width, int height) {
  KALE_CHECK(pixels.width > 0 && pixels.height > 0 && width > 0 && height > 0, "sides over 0");
  // From version 13 on, Pillow goes by rows first where the height loses more than twice as many
  // pixels as the width; the rounding between the passes shows it.
  int lost_rows = pixels.height - height;
  int lost_columns = pixels.width - width;
  if (lost_rows > 0 && lost_rows > 2 * lost_columns) {
    return resize_columns(resize_rows(pixels, height), width);
  }
  return resize_rows(resize_columns(pixels, width), height);
}

}  // namespace kale
