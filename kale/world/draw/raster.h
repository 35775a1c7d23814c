// Pixels in memory, rows top to bottom, no padding.
// rgb, or rgba with the colours already multiplied by alpha, or a mask of one band
// Threads  plain data
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace kale::world {

struct Raster {
  int width = 0;
  int height = 0;
  int bands = 3;
  std::vector<std::uint8_t> bytes;  // [height, width, bands]

  const std::uint8_t* at(int x, int y) const { return &bytes[offset(x, y)]; }
  std::uint8_t* at(int x, int y) { return &bytes[offset(x, y)]; }

 private:
  std::size_t offset(int x, int y) const {
    return (static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
            static_cast<std::size_t>(x)) *
           static_cast<std::size_t>(bands);
  }
};

inline Raster blank(int width, int height, int bands) {
  return {
      width, height, bands,
      std::vector<std::uint8_t>(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) *
                                static_cast<std::size_t>(bands))};
}

}  // namespace kale::world
