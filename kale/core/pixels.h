// Decoded picture: 8-bit sRGB, interleaved, rows top to bottom, no padding.
// rgb [height, width, 3]
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace kale {

struct Pixels {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> rgb;

  std::span<const std::uint8_t> at(int x, int y) const {
    return std::span(rgb).subspan((static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
                                   static_cast<std::size_t>(x)) *
                                      3,
                                  3);
  }
};

using PixelsPtr = std::shared_ptr<const Pixels>;

}  // namespace kale
