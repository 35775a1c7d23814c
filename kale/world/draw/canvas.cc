#include "kale/world/draw/canvas.h"

#include <algorithm>
#include <cmath>

#include "kale/core/check.h"

namespace kale::world {
namespace {

constexpr int kOwns = 128;  // the alpha from which a pixel is an object's
constexpr std::size_t kObjectsMax = 255;

std::uint8_t blend(std::uint8_t under, int over, int alpha) {
  return static_cast<std::uint8_t>((under * (255 - alpha) + over * alpha + 127) / 255);
}

std::uint8_t between(std::uint8_t from, std::uint8_t to, float share) {
  return static_cast<std::uint8_t>(std::lround(
      static_cast<float>(from) + (static_cast<float>(to) - static_cast<float>(from)) * share));
}

std::uint8_t shifted(std::uint8_t value, int by) {
  return static_cast<std::uint8_t>(std::clamp(value + by, 0, 255));
}

}  // namespace

Canvas::Canvas(int width, int height)
    : rgb_(blank(width, height, 3)),
      owner_(static_cast<std::size_t>(width) * static_cast<std::size_t>(height)) {}

void Canvas::mix(int x, int y, Rgb colour, int alpha) {
  std::uint8_t* pixel = rgb_.at(x, y);
  pixel[0] = blend(pixel[0], colour.r, alpha);
  pixel[1] = blend(pixel[1], colour.g, alpha);
  pixel[2] = blend(pixel[2], colour.b, alpha);
}

void Canvas::fill(Rgb colour) { gradient(colour, colour, false); }

void Canvas::gradient(Rgb from, Rgb to, bool sideways) {
  for (int y = 0; y < height(); ++y) {
    for (int x = 0; x < width(); ++x) {
      const float share = sideways ? static_cast<float>(x) / static_cast<float>(width())
                                   : static_cast<float>(y) / static_cast<float>(height());
      std::uint8_t* pixel = rgb_.at(x, y);
      pixel[0] = between(from.r, to.r, share);
      pixel[1] = between(from.g, to.g, share);
      pixel[2] = between(from.b, to.b, share);
    }
  }
}

void Canvas::paper(Rgb colour, Rng& rng) {
  fill(colour);
  for (int y = 0; y < height(); ++y) {
    std::uint64_t bits = 0;
    for (int x = 0; x < width(); ++x) {
      if (x % 16 == 0) bits = rng.next();
      const int by = static_cast<int>(bits & 7) - 3;
      bits >>= 4;
      std::uint8_t* pixel = rgb_.at(x, y);
      for (int c = 0; c < 3; ++c) pixel[c] = shifted(pixel[c], by);
    }
  }
  const int fibres = width() * height() / 600;
  for (int i = 0; i < fibres; ++i) {
    auto x = static_cast<float>(rng.uniform() * width());
    auto y = static_cast<float>(rng.uniform() * height());
    const auto turn = static_cast<float>(rng.uniform() * 6.28);
    for (std::uint64_t step = 3 + rng.below(6); step > 0; --step) {
      x += std::cos(turn), y += std::sin(turn);
      if (x < 0 || y < 0 || x >= static_cast<float>(width()) || y >= static_cast<float>(height()))
        break;
      mix(static_cast<int>(x), static_cast<int>(y), {120, 110, 95}, 28);
    }
  }
}

void Canvas::copy(const Raster& rgb, int left, int top) {
  KALE_CHECK(rgb.bands == 3 && left >= 0 && top >= 0 && left + width() <= rgb.width &&
                 top + height() <= rgb.height,
             "a background covers the picture");
  for (int y = 0; y < height(); ++y)
    std::copy_n(rgb.at(left, top + y), static_cast<std::size_t>(width()) * 3, rgb_.at(0, y));
}

void Canvas::rectangle(const Box& box, Rgb colour, float radius) {
  const float half_width = box.width / 2, half_height = box.height / 2;
  const float centre_x = box.x + half_width, centre_y = box.y + half_height;
  radius = std::min({radius, half_width, half_height});
  const int right = std::min(width(), static_cast<int>(std::ceil(box.x + box.width)));
  const int bottom = std::min(height(), static_cast<int>(std::ceil(box.y + box.height)));
  for (int y = std::max(0, static_cast<int>(box.y)); y < bottom; ++y) {
    for (int x = std::max(0, static_cast<int>(box.x)); x < right; ++x) {
      // How far the pixel's centre lies outside the rounded rectangle.
      const float dx = std::abs(static_cast<float>(x) + 0.5F - centre_x) - half_width + radius;
      const float dy = std::abs(static_cast<float>(y) + 0.5F - centre_y) - half_height + radius;
      const float outside = std::hypot(std::max(dx, 0.0F), std::max(dy, 0.0F)) +
                            std::min(std::max(dx, dy), 0.0F) - radius;
      const float cover = std::clamp(0.5F - outside, 0.0F, 1.0F);
      if (cover > 0) mix(x, y, colour, static_cast<int>(std::lround(cover * 255)));
    }
  }
}

void Canvas::put(const Raster& cutout, int left, int top) {
  KALE_CHECK(cutout.bands == 4 && drawn_.size() < kObjectsMax, "an object is a cut-out of many");
  drawn_.push_back(0);
  const auto object = static_cast<std::uint8_t>(drawn_.size());
  const int right = std::min(cutout.width, width() - left);
  for (int y = std::max(0, -top); y < std::min(cutout.height, height() - top); ++y) {
    for (int x = std::max(0, -left); x < right; ++x) {
      const std::uint8_t* from = cutout.at(x, y);
      const int alpha = from[3];
      if (alpha == 0) continue;
      std::uint8_t* to = rgb_.at(left + x, top + y);
      for (int c = 0; c < 3; ++c)
        to[c] =
            static_cast<std::uint8_t>(std::min(255, from[c] + (to[c] * (255 - alpha) + 127) / 255));
      if (alpha < kOwns) continue;
      const int at = (top + y) * width() + left + x;
      owner_[static_cast<std::size_t>(at)] = object;
      ++drawn_.back();
    }
  }
}

Box Canvas::write(const Ink& ink, int left, int top, Rgb colour) {
  const Raster& mask = ink.mask;
  const int x0 = left + ink.left, y0 = top + ink.top;
  const int begin_x = std::max(0, -x0), end_x = std::min(mask.width, width() - x0);
  const int begin_y = std::max(0, -y0), end_y = std::min(mask.height, height() - y0);
  for (int y = begin_y; y < end_y; ++y) {
    for (int x = begin_x; x < end_x; ++x) {
      if (const int alpha = *mask.at(x, y); alpha > 0) mix(x0 + x, y0 + y, colour, alpha);
    }
  }
  return {static_cast<float>(x0 + begin_x), static_cast<float>(y0 + begin_y),
          static_cast<float>(std::max(0, end_x - begin_x)),
          static_cast<float>(std::max(0, end_y - begin_y))};
}

std::vector<Seen> Canvas::seen() const {
  struct Edges {
    int left = 1 << 30, top = 1 << 30, right = -1, bottom = -1;
  };
  std::vector<Seen> seen(drawn_.size());
  std::vector<Edges> edges(drawn_.size());
  for (int y = 0; y < height(); ++y) {
    for (int x = 0; x < width(); ++x) {
      const int owner = owner_[static_cast<std::size_t>(y * width() + x)];
      if (owner == 0) continue;
      const auto object = static_cast<std::size_t>(owner - 1);
      Edges& edge = edges[object];
      edge = {std::min(edge.left, x), std::min(edge.top, y), std::max(edge.right, x),
              std::max(edge.bottom, y)};
      ++seen[object].visible;
      seen[object].colours.add(rgb_.at(x, y));
    }
  }
  for (std::size_t i = 0; i < seen.size(); ++i) {
    seen[i].drawn = drawn_[i];
    if (seen[i].visible == 0) continue;
    seen[i].box = {static_cast<float>(edges[i].left), static_cast<float>(edges[i].top),
                   static_cast<float>(edges[i].right - edges[i].left + 1),
                   static_cast<float>(edges[i].bottom - edges[i].top + 1)};
  }
  return seen;
}

std::string Canvas::ground_colour() const {
  ColourCount count;
  for (int y = 0; y < height(); ++y) {
    for (int x = 0; x < width(); ++x) {
      if (owner_[static_cast<std::size_t>(y * width() + x)] == 0) count.add(rgb_.at(x, y));
    }
  }
  return count.largest();
}

}  // namespace kale::world
