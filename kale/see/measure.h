// What can be measured in a picture without knowing what it shows: background, subject, colours,
// look. The subject is whatever is unlike the border. Where the border is not of one colour there
// is no telling, so the whole picture is the subject and background.plain is false.
// Threads  measure_picture() is safe from many threads
// Units    shares and boxes are parts of the picture, 0 to 1; box is x, y, width, height
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "kale/core/pixels.h"
#include "kale/colour/colour.h"
#include "kale/see/tally.h"

namespace kale {

struct Measured {
  std::vector<ColourShare> colours;  // of the subject, largest first
  BasicColour background = BasicColour::kWhite;
  double background_share = 0;
  bool plain = false;
  std::array<double, 4> box = {0, 0, 1, 1};
  double area_share = 1;
  std::string_view position = "centre";
  std::string_view orientation = "square";  // of the picture
  std::string_view kind = "unsure";         // "photograph", "drawing"
  int distinct_colours = 0;                 // of the whole picture, at 5 bits a channel
  double flat_share = 0;                    // of the subject: pixels without any texture
  std::string_view brightness = "medium";   // of the subject
};

Measured measure_picture(const Pixels& pixels);

}  // namespace kale
