#include "kale/world/compose/stage.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "kale/world/compose/chance.h"
#include "kale/world/compose/relations.h"

namespace kale::world {
namespace {

// Paler the larger `share` is.
Rgb paler(Rgb colour, double share) {
  const auto mix = [&](std::uint8_t value) {
    return static_cast<std::uint8_t>(std::lround(value + (255 - value) * share));
  };
  return {mix(colour.r), mix(colour.g), mix(colour.b)};
}

Rgb darker(Rgb colour, double share) {
  const auto mix = [&](std::uint8_t value) {
    return static_cast<std::uint8_t>(std::lround(value * (1 - share)));
  };
  return {mix(colour.r), mix(colour.g), mix(colour.b)};
}

// Mostly light, so that things stand out.
Rgb ground(Rng& rng) {
  const Rgb colour = kPaints[rng.below(kPaints.size())];
  constexpr std::array kWeights = {0.55, 0.3, 0.15};
  switch (weighted(rng, kWeights)) {
    case 0:
      return paler(colour, real(rng, 0.6, 0.92));
    case 1:
      return paler(colour, real(rng, 0.05, 0.4));
    default:
      return darker(colour, real(rng, 0.3, 0.7));
  }
}

}  // namespace

Stage::Stage(const Choice& choice, Cutouts& cutouts, const Contents& contents, int width,
             int height, Rng& rng)
    : choice_(choice),
      cutouts_(cutouts),
      contents_(contents),
      rng_(rng),
      canvas_(width, height),
      scene_({.width = width, .height = height}) {}

Rgb Stage::sheet_colour() {
  dark_ = chance(rng_, 0.12);
  if (dark_) return darker(kPaints[rng_.below(kPaints.size())], real(rng_, 0.6, 0.8));
  static const std::vector<std::string> kInks = {"black", "black", "black", "blue", "red", "brown"};
  ink_ = pick(rng_, kInks);
  return paler(kPaints[rng_.below(kPaints.size())], real(rng_, 0.84, 0.97));
}

Status Stage::paint_background() {
  const Layout layout = contents_.layout;
  const bool document =
      layout == Layout::kTable || layout == Layout::kChart || layout == Layout::kPage;
  const auto colour = [&] { return document ? sheet_colour() : ground(rng_); };
  if (contents_.background == "plain") {
    canvas_.fill(colour());
  } else if (contents_.background == "gradient") {
    const Rgb from = colour();
    // A document stays as light as it is.
    const Rgb to = document ? (dark_ ? darker(from, 0.3) : paler(from, 0.6)) : ground(rng_);
    canvas_.gradient(from, to, chance(rng_, 0.3));
  } else if (contents_.background == "paper") {
    canvas_.paper(document ? colour() : paler(kPaints[rng_.below(kPaints.size())], 0.85), rng_);
  } else {
    KALE_TRY(const RasterPtr wallpaper, cutouts_.wallpaper(*contents_.wallpaper));
    const int room_x = wallpaper->width - canvas_.width();
    const int room_y = wallpaper->height - canvas_.height();
    canvas_.copy(*wallpaper, whole(rng_, 0, room_x), whole(rng_, 0, room_y));
  }
  return {};
}

Result<Shaped> Stage::shaped(const Chosen& chosen, float longer, float rotation, bool mirrored) {
  KALE_TRY(const RasterPtr cutout, cutouts_.part(*chosen.part));
  Shape shape{.scale = static_cast<double>(longer) / std::max(cutout->width, cutout->height),
              .rotation = rotation,
              .mirrored = mirrored};
  if (!chosen.tint) {
    KALE_TRY(Raster raster, reshaped(*cutout, shape));
    return Shaped{chosen, shape, std::move(raster)};
  }
  KALE_TRY(Raster raster, reshaped(tinted(*cutout, *chosen.tint), shape));
  ColourCount count;
  for (std::size_t i = 0; i < raster.bytes.size(); i += 4) {
    if (raster.bytes[i + 3] == 255) count.add(&raster.bytes[i]);
  }
  const std::vector<std::string> colours = count.main_colours(true);
  if (!colours.empty() && colours.front() == *chosen.tint)
    return Shaped{chosen, shape, std::move(raster)};
  return shaped({chosen.part, std::nullopt}, longer, rotation, mirrored);
}

void Stage::put(const Shaped& object, float left, float top) {
  const Part& part = *object.chosen.part;
  canvas_.put(object.raster, static_cast<int>(left), static_cast<int>(top));
  scene_.objects.push_back({.part = part.id,
                            .kind = part.kind,
                            .name = part.name,
                            .category = part.category,
                            .tint = object.chosen.tint,
                            .rotation = object.shape.rotation});
}

Result<std::optional<Lettered>> Stage::lettered(const std::string& words, const Font& font,
                                                float size, float width) {
  int letters = std::max(kLetterSizeMin, static_cast<int>(size));
  for (;;) {
    KALE_TRY(Ink line, ink(words, font.family, letters));
    const auto wide = static_cast<float>(line.mask.width);
    if (wide <= width) return std::optional(Lettered{std::move(line), letters});
    if (letters == kLetterSizeMin) return std::optional<Lettered>();
    letters = std::clamp(static_cast<int>(static_cast<float>(letters) * width / wide),
                         kLetterSizeMin, letters - 1);
  }
}

void Stage::write(Text text, const Lettered& line, const Font& font, const std::string& colour,
                  float left, float top) {
  text.font = font.family;
  text.colour = colour;
  text.box = canvas_.write(line.ink, static_cast<int>(left), static_cast<int>(top), paint(colour));
  scene_.texts.push_back(std::move(text));
}

Scene Stage::finish(Split split) {
  Scene scene = told_of(contents_, split);
  scene.width = scene_.width;
  scene.height = scene_.height;
  scene.objects = std::move(scene_.objects);
  scene.texts = std::move(scene_.texts);
  scene.chart = std::move(scene_.chart);
  const std::vector<Seen> seen = canvas_.seen();
  bool photo = false;
  bool drawing = false;
  for (std::size_t i = 0; i < seen.size(); ++i) {
    Object& object = scene.objects[i];
    const bool cut_out_photo = std::ranges::any_of(contents_.objects, [&](const Chosen& chosen) {
      return chosen.part->id == object.part && chosen.part->photo;
    });
    (cut_out_photo ? photo : drawing) = true;
    object.box = seen[i].box;
    object.visible = seen[i].drawn == 0 ? 0
                                        : std::round(1000 * static_cast<float>(seen[i].visible) /
                                                     static_cast<float>(seen[i].drawn)) /
                                              1000;
    object.colours = seen[i].colours.main_colours(!cut_out_photo);
  }
  scene.style = photo && drawing ? "mixed" : photo ? "photo" : "drawing";
  scene.relations = relations_of(scene.objects, standing_);
  scene.background.colour = canvas_.ground_colour();
  return scene;
}

}  // namespace kale::world
