#include "kale/engines/torch/fit.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace kale {
namespace {

constexpr float kMean = 127;
constexpr float kScale = 128;

// Which input pixels make one output pixel, and by how much.
struct Tap {
  int first = 0;
  std::vector<float> weights;
};

// Keys' cubic with a = -0.5.
double cubic(double x) {
  constexpr double kA = -0.5;
  x = std::abs(x);
  if (x < 1) return ((kA + 2) * x - (kA + 3)) * x * x + 1;
  if (x < 2) return (((x - 5) * x + 8) * x - 4) * kA;
  return 0;
}

// Bicubic, widened when shrinking so that nothing aliases.
std::vector<Tap> make_taps(int from, int to) {
  double scale = static_cast<double>(from) / to;
  double widen = std::max(scale, 1.0);
  std::vector<Tap> taps(static_cast<std::size_t>(to));
  for (int i = 0; i < to; ++i) {
    double centre = scale * (i + 0.5);
    int first = std::max(static_cast<int>(centre - 2 * widen + 0.5), 0);
    int last = std::min(static_cast<int>(centre + 2 * widen + 0.5), from);
    std::vector<double> raw;
    double sum = 0;
    for (int j = first; j < last; ++j) {
      raw.push_back(cubic((j - centre + 0.5) / widen));
      sum += raw.back();
    }
    Tap& tap = taps[static_cast<std::size_t>(i)];
    tap.first = first;
    for (double weight : raw) tap.weights.push_back(static_cast<float>(weight / sum));
  }
  return taps;
}

// -> [height, to, 3]
std::vector<float> shrink_rows(const Pixels& pixels, int to) {
  auto taps = make_taps(pixels.width, to);
  std::vector<float> out;
  out.reserve(static_cast<std::size_t>(pixels.height) * taps.size() * 3);
  for (int y = 0; y < pixels.height; ++y) {
    const std::uint8_t* row = pixels.at(0, y).data();
    for (const Tap& tap : taps) {
      std::array<float, 3> sum = {};
      const std::uint8_t* from = row + tap.first * 3;
      for (float weight : tap.weights) {
        for (std::size_t c = 0; c < 3; ++c) sum[c] += weight * *from++;
      }
      out.insert(out.end(), sum.begin(), sum.end());
    }
  }
  return out;
}

// rows [height, width, 3] -> [to, width, 3]
std::vector<float> shrink_columns(const std::vector<float>& rows, int height, int width, int to) {
  auto taps = make_taps(height, to);
  auto stride = static_cast<std::size_t>(width) * 3;
  std::vector<float> out(taps.size() * stride, 0);
  for (std::size_t y = 0; y < taps.size(); ++y) {
    float* into = out.data() + y * stride;
    for (std::size_t k = 0; k < taps[y].weights.size(); ++k) {
      const float* from = rows.data() + (static_cast<std::size_t>(taps[y].first) + k) * stride;
      for (std::size_t x = 0; x < stride; ++x) into[x] += taps[y].weights[k] * from[x];
    }
  }
  return out;
}

// The median, for a subject that touches the border must not tint it.
std::array<float, 3> border_colour(const Pixels& pixels) {
  std::array<float, 3> colour = {};
  for (std::size_t c = 0; c < 3; ++c) {
    std::vector<std::uint8_t> values;
    for (int x = 0; x < pixels.width; ++x) {
      values.push_back(pixels.at(x, 0)[c]);
      values.push_back(pixels.at(x, pixels.height - 1)[c]);
    }
    for (int y = 0; y < pixels.height; ++y) {
      values.push_back(pixels.at(0, y)[c]);
      values.push_back(pixels.at(pixels.width - 1, y)[c]);
    }
    auto middle = values.begin() + std::ssize(values) / 2;
    std::nth_element(values.begin(), middle, values.end());
    colour[c] = *middle;
  }
  return colour;
}

}  // namespace

std::vector<float> fit_square(const Pixels& pixels, int side) {
  int longest = std::max(pixels.width, pixels.height);
  auto scaled = [&](int length) {
    return std::max(1, static_cast<int>(std::lround(static_cast<double>(length) * side / longest)));
  };
  int width = scaled(pixels.width);
  int height = scaled(pixels.height);
  auto small = shrink_columns(shrink_rows(pixels, width), pixels.height, width, height);
  auto colour = border_colour(pixels);
  auto plane = static_cast<std::size_t>(side) * static_cast<std::size_t>(side);
  std::vector<float> planes(3 * plane);
  int left = (side - width) / 2;
  int top = (side - height) / 2;
  for (std::size_t c = 0; c < 3; ++c) {
    float* into = planes.data() + c * plane;
    std::fill(into, into + plane, (colour[c] - kMean) / kScale);
    for (int y = 0; y < height; ++y) {
      for (int x = 0; x < width; ++x) {
        float value = small[static_cast<std::size_t>(y * width + x) * 3 + c];
        into[(top + y) * side + left + x] = (std::clamp(value, 0.0F, 255.0F) - kMean) / kScale;
      }
    }
  }
  return planes;
}

}  // namespace kale
