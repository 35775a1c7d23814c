// Where the subject is: the pixels unlike the border.
// Threads  free functions, no shared state
// Units    masks are [height, width] of the scan; shares and boxes are parts of the picture
#pragma once

#include <array>
#include <vector>

#include "kale/core/pixels.h"
#include "kale/colour/colour.h"

namespace kale {

// The picture's pixels, every n-th in both directions, in OKLab. Picked, not averaged: an average
// over an edge is a colour that the picture does not have.
struct Scan {
  int width = 0;
  int height = 0;
  int every = 1;
  std::vector<Lab> lab;

  std::size_t index(int x, int y) const {
    return static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
           static_cast<std::size_t>(x);
  }
  // Of the scanned pixel beside the picture's pixel x, y.
  std::size_t index_of(int x, int y) const {
    int column = x / every < width ? x / every : width - 1;
    int row = y / every < height ? y / every : height - 1;
    return index(column, row);
  }
};

Scan scan_picture(const Pixels& pixels);

struct Subject {
  Lab background;
  bool plain = false;
  double background_share = 0;
  std::vector<bool> mask;  // subject
  std::vector<bool> core;  // subject without its edge, where colours mix with the background
  std::array<double, 4> box = {0, 0, 1, 1};
  double area_share = 1;
};

Subject find_subject(const Scan& scan);

}  // namespace kale
