// A scene on its way to be a picture: arrangers put objects and words on it.
// Errors   those of Cutouts and of libvips
// Threads  one at a time
// Units    pixels
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "kale/core/rng.h"
#include "kale/world/compose/contents.h"
#include "kale/world/draw/canvas.h"
#include "kale/world/draw/cutouts.h"
#include "kale/world/draw/reshape.h"
#include "kale/world/scene/scene.h"

namespace kale::world {

// The smallest size of a font at which its letters can be told apart.
inline constexpr int kLetterSizeMin = 9;

// An object in its size, before it has a place.
struct Shaped {
  Chosen chosen;
  Shape shape;
  Raster raster;
};

struct Lettered {
  Ink ink;
  int size = 0;
};

class Stage {
 public:
  Stage(const Choice& choice, Cutouts& cutouts, const Contents& contents, int width, int height,
        Rng& rng);

  const Contents& contents() const { return contents_; }
  Rng& rng() { return rng_; }
  Canvas& canvas() { return canvas_; }
  const Font& font(bool small) { return choice_.font(rng_, small); }
  float width() const { return static_cast<float>(canvas_.width()); }
  float height() const { return static_cast<float>(canvas_.height()); }
  // Pixels for a length meant for a picture of 224.
  float unit(float length) const { return length * std::min(width(), height()) / 224.0F; }

  Status paint_background();
  // Documents: their ground, and the ink that reads well on it.
  Rgb sheet_colour();
  std::string ink_colour() const { return dark_ ? "white" : ink_; }

  // The object with its longer side so long.
  Result<Shaped> shaped(const Chosen& chosen, float longer, float rotation, bool mirrored);
  void put(const Shaped& object, float left, float top);
  void set_chart(Chart chart) { scene_.chart = std::move(chart); }
  void stands(int who, int on_what) { standing_.emplace_back(who, on_what); }

  // The line as large as `size` and `width` allow; nothing where it fits in no legible size.
  Result<std::optional<Lettered>> lettered(const std::string& words, const Font& font, float size,
                                           float width);
  void write(Text text, const Lettered& line, const Font& font, const std::string& colour,
             float left, float top);

  const std::vector<Text>& texts() const { return scene_.texts; }

  // Measures what can be seen; the stage is done with.
  Scene finish(Split split);

 private:
  const Choice& choice_;
  Cutouts& cutouts_;
  const Contents& contents_;
  Rng& rng_;
  Canvas canvas_;
  Scene scene_;  // objects in drawing order and texts, as they are put
  std::vector<std::pair<int, int>> standing_;
  bool dark_ = false;
  std::string ink_ = "black";
};

}  // namespace kale::world
