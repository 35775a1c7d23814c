#include "kale/world/compose/composer.h"

#include <algorithm>
#include <utility>

#include "kale/world/compose/arrange.h"
#include "kale/world/compose/chance.h"
#include "kale/world/draw/spoil.h"

namespace kale::world {
namespace {

Status arrange(Stage& stage) {
  switch (stage.contents().layout) {
    case Layout::kObjects:
      return arrange_objects(stage);
    case Layout::kSign:
      return arrange_sign(stage);
    case Layout::kPrice:
      return arrange_price(stage);
    case Layout::kTable:
      return arrange_table(stage);
    case Layout::kChart:
      return arrange_chart(stage);
    case Layout::kPage:
      return arrange_page(stage);
  }
  return {};
}

std::pair<int, int> some_sides(int longer, Rng& rng) {
  const int shorter = longer * 3 / 4;
  if (chance(rng, 0.5)) return {longer, longer};
  return chance(rng, 0.6) ? std::pair(longer, shorter) : std::pair(shorter, longer);
}

// A white swan on white, or a thing of which little is left.
bool hard_to_see(const Object& object, const Background& background) {
  const bool lost = object.colours.size() == 1 && object.colours.front() == background.colour;
  return object.visible < kVisibleMin || lost;
}

}  // namespace

Composer::Composer(const Catalogue& catalogue, Cutouts& cutouts, int size)
    : cutouts_(cutouts), size_(size) {
  for (Split split : {Split::kTrain, Split::kValidation, Split::kTest})
    choices_.emplace_back(catalogue.shelf(split));
}

Result<Composed> Composer::compose(std::uint64_t seed, Split split) const {
  Rng rng(seed);
  for (int attempt = 1;; ++attempt) {
    const Contents contents = choice(split).contents(rng);
    const auto [width, height] = some_sides(size_, rng);
    Stage stage(choice(split), cutouts_, contents, width, height, rng);
    KALE_OK(stage.paint_background());
    KALE_OK(arrange(stage));
    Raster picture = stage.canvas().rgb();
    Scene scene = stage.finish(split);
    scene.seed = seed;
    const bool bare = scene.objects.empty() && !contents.objects.empty();
    const bool hard = bare || std::ranges::any_of(scene.objects, [&](const Object& object) {
                        return hard_to_see(object, scene.background);
                      });
    if (hard && attempt < kAttempts) continue;
    KALE_TRY(std::string jpeg, spoiled_jpeg(std::move(picture), scene.spoiling, rng));
    return Composed{std::move(scene), std::move(jpeg)};
  }
}

Scene Composer::sketch(std::uint64_t seed, Split split) const {
  Rng rng(seed);
  Scene scene = told_of(choice(split).contents(rng), split);
  scene.seed = seed;
  return scene;
}

}  // namespace kale::world
