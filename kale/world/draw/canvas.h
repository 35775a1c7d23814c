// A picture being drawn that knows which object each pixel belongs to.
// Threads  one at a time
// Units    pixels; what lies outside is not drawn
#pragma once

#include <cstdint>
#include <vector>

#include "kale/core/rng.h"
#include "kale/world/draw/colours.h"
#include "kale/world/draw/lettering.h"
#include "kale/world/draw/raster.h"
#include "kale/world/scene/scene.h"

namespace kale::world {

// What can be seen of an object in the finished picture.
struct Seen {
  Box box;              // around its visible pixels
  int drawn = 0;        // its pixels within the picture
  int visible = 0;      // of these, those that no later object covers
  ColourCount colours;  // of these
};

class Canvas {
 public:
  Canvas(int width, int height);

  int width() const { return rgb_.width; }
  int height() const { return rgb_.height; }
  const Raster& rgb() const { return rgb_; }
  Raster take() { return std::move(rgb_); }

  void fill(Rgb colour);
  void gradient(Rgb from, Rgb to, bool sideways);
  void paper(Rgb colour, Rng& rng);                 // uneven, with fibres
  void copy(const Raster& rgb, int left, int top);  // the window of `rgb` that begins there
  // Corners are rounded by `radius`; the edges are smooth.
  void rectangle(const Box& box, Rgb colour, float radius = 0);
  // The next object, in drawing order; rgba with the colours multiplied by alpha.
  void put(const Raster& cutout, int left, int top);
  // A line of text whose upper left corner lies there; returns the box of what is inked.
  Box write(const Ink& ink, int left, int top, Rgb colour);

  std::vector<Seen> seen() const;     // of each object
  std::string ground_colour() const;  // of all that no object covers

 private:
  void mix(int x, int y, Rgb colour, int alpha);

  Raster rgb_;
  std::vector<std::uint8_t> owner_;  // object + 1, 0 for none; [height, width]
  std::vector<int> drawn_;           // by object
};

}  // namespace kale::world
