#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "kale/world/compose/arrange.h"
#include "kale/world/compose/chance.h"

namespace kale::world {
namespace {

constexpr int kTries = 40;
constexpr int kShrinks = 4;
constexpr float kShrink = 0.8F;
constexpr float kSmallest = 22;  // px: below this nobody tells what it is

float shared(const Box& a, const Box& b) {
  const float width = std::min(a.x + a.width, b.x + b.width) - std::max(a.x, b.x);
  const float height = std::min(a.y + a.height, b.y + b.height) - std::max(a.y, b.y);
  if (width <= 0 || height <= 0) return 0;
  return width * height / std::min(a.width * a.height, b.width * b.height);
}

Box box_at(const Shaped& object, float left, float top) {
  return {left, top, static_cast<float>(object.raster.width),
          static_cast<float>(object.raster.height)};
}

float some_rotation(const Part& part, Rng& rng) {
  if (!chance(rng, 0.35)) return 0;
  const bool upright = part.category == "building" || part.category == "vehicle";
  const float most = part.is_flag() || upright ? 12.0F : 35.0F;
  return std::round(real(rng, 4.0F, most)) * (chance(rng, 0.5) ? 1.0F : -1.0F);
}

// What is written on things must not be read backwards, and some are known by their sides.
bool may_be_mirrored(const Part& part) {
  return part.category == "animal" || part.category == "vehicle" || part.category == "food";
}

// The longer side of one of `count` things, in shares of the region's shorter one.
float some_size(std::size_t count, Rng& rng) {
  if (count == 1) return real(rng, 0.5F, 0.85F);
  if (count == 2) return real(rng, 0.38F, 0.58F);
  if (count <= 4) return real(rng, 0.3F, 0.44F);
  return real(rng, 0.23F, 0.34F);
}

class Strewer {
 public:
  Strewer(Stage& stage, const Box& region, float overlap)
      : stage_(stage), region_(region), overlap_(overlap) {}

  Status strew(const Chosen& chosen, float longer) {
    Rng& rng = stage_.rng();
    const float rotation = some_rotation(*chosen.part, rng);
    const bool mirrored = may_be_mirrored(*chosen.part) && chance(rng, 0.5);
    for (int shrink = 0; shrink < kShrinks && longer >= stage_.unit(kSmallest); ++shrink) {
      KALE_TRY(const Shaped object, stage_.shaped(chosen, longer, rotation, mirrored));
      if (find_place(object)) return {};
      longer *= kShrink;
    }
    return {};
  }

  void taken(const Box& box) { taken_.push_back(box); }

 private:
  bool find_place(const Shaped& object) {
    Rng& rng = stage_.rng();
    const auto width = static_cast<float>(object.raster.width);
    const auto height = static_cast<float>(object.raster.height);
    if (width > region_.width || height > region_.height) return false;
    for (int i = 0; i < kTries; ++i) {
      const Box box{region_.x + real(rng, 0.0F, region_.width - width),
                    region_.y + real(rng, 0.0F, region_.height - height), width, height};
      const bool free = std::ranges::all_of(
          taken_, [&](const Box& other) { return shared(box, other) <= overlap_; });
      if (!free) continue;
      taken_.push_back(box);
      stage_.put(object, box.x, box.y);
      return true;
    }
    return false;
  }

  Stage& stage_;
  Box region_;
  float overlap_;
  std::vector<Box> taken_;
};

// The row of the cut-out's first opaque pixel, in the middle of the columns around `x`.
int top_at(const Raster& raster, int x) {
  std::vector<int> tops;
  const int reach = std::max(1, raster.width / 10);
  for (int column = std::max(0, x - reach); column < std::min(raster.width, x + reach); ++column) {
    int row = 0;
    while (row < raster.height && raster.at(column, row)[3] < 128) ++row;
    tops.push_back(row);
  }
  std::ranges::nth_element(tops, tops.begin() + static_cast<std::ptrdiff_t>(tops.size() / 2));
  return tops[tops.size() / 2];
}

// The second object on top of the first.
Status arrange_standing(Stage& stage) {
  const std::vector<Chosen>& objects = stage.contents().objects;
  Rng& rng = stage.rng();
  const float side = std::min(stage.width(), stage.height());
  KALE_TRY(const Shaped below,
           stage.shaped(objects[0], side * real(rng, 0.4F, 0.55F), 0, chance(rng, 0.5)));
  const auto wide = static_cast<float>(below.raster.width);
  const auto high = static_cast<float>(below.raster.height);
  const float size = std::min(wide * real(rng, 0.5F, 0.85F), stage.height() * 0.92F - high);
  KALE_TRY(const Shaped above, stage.shaped(objects[1], size, 0, false));
  const auto width = static_cast<float>(above.raster.width);
  const auto height = static_cast<float>(above.raster.height);
  const float left = real(rng, stage.width() * 0.04F, stage.width() * 0.96F - wide);
  const float centre = wide * real(rng, 0.35F, 0.65F);
  const auto sink = static_cast<float>(top_at(below.raster, static_cast<int>(centre)));
  // Its feet touch, and both are in the picture.
  const float top = real(rng, std::max(2.0F, height - sink), stage.height() - high - 2);
  stage.put(below, left, top);
  stage.put(above, std::clamp(left + centre - width / 2, 0.0F, stage.width() - width),
            std::max(0.0F, top + sink - height + 2));
  stage.stands(1, 0);
  return {};
}

}  // namespace

Status strewn_objects(Stage& stage, const Box& region, float overlap) {
  const std::vector<Chosen>& objects = stage.contents().objects;
  Strewer strewer(stage, region, overlap);
  std::map<const Part*, float> sizes;  // the same thing is as large each time
  for (const Chosen& chosen : objects) {
    const auto [size, fresh] = sizes.emplace(chosen.part, 0.0F);
    if (fresh)
      size->second = some_size(objects.size(), stage.rng()) * std::min(region.width, region.height);
    KALE_OK(strewer.strew(chosen, size->second));
  }
  return {};
}

Status row_of_objects(Stage& stage, const Box& region) {
  const std::vector<Chosen>& objects = stage.contents().objects;
  const float place = region.width / static_cast<float>(objects.size());
  for (std::size_t i = 0; i < objects.size(); ++i) {
    const float longer = std::min(place * 0.9F, region.height) * real(stage.rng(), 0.85F, 1.0F);
    KALE_TRY(const Shaped object, stage.shaped(objects[i], longer, 0, false));
    const auto width = static_cast<float>(object.raster.width);
    const auto height = static_cast<float>(object.raster.height);
    stage.put(object, region.x + place * (static_cast<float>(i) + 0.5F) - width / 2,
              region.y + region.height - height);
  }
  return {};
}

Status arrange_objects(Stage& stage) {
  Rng& rng = stage.rng();
  if (stage.contents().standing) return arrange_standing(stage);
  const float cut = stage.contents().spoiling.cropped;
  const float margin = stage.unit(3);
  Box region{margin, margin, stage.width() - 2 * margin, stage.height() - 2 * margin};
  if (cut > 0) {
    // The picture went on beyond one edge.
    const float more = cut * stage.width();
    region.width += more;
    if (chance(rng, 0.5)) region.x -= more;
    return strewn_objects(stage, region, 0.05F);
  }
  const std::size_t count = stage.contents().objects.size();
  if (count >= 2 && count <= 5 && chance(rng, 0.25)) {
    const float high = stage.height() * real(rng, 0.35F, 0.7F);
    region.y += real(rng, 0.0F, region.height - high);
    region.height = high;
    return row_of_objects(stage, region);
  }
  return strewn_objects(stage, region, chance(rng, 0.3) ? 0.22F : 0.02F);
}

}  // namespace kale::world
