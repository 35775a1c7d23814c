#include <algorithm>

#include "kale/world/compose/arrange.h"
#include "kale/world/compose/chance.h"

namespace kale::world {
namespace {

struct TagLook {
  std::string_view tag, ink;
};
constexpr TagLook kLooks[] = {{"yellow", "black"}, {"yellow", "red"},  {"white", "black"},
                              {"white", "red"},    {"red", "white"},   {"green", "white"},
                              {"orange", "black"}, {"black", "white"}, {"blue", "white"}};

}  // namespace

// From top to bottom: an offer, the things in a row, their prices, what they are.
Status arrange_price(Stage& stage) {
  Rng& rng = stage.rng();
  const Contents& contents = stage.contents();
  const float margin = stage.unit(6);
  const float wide = stage.width() - 2 * margin;
  float top = margin;
  const Font& loud = stage.font(false);
  for (const Text& text : contents.texts) {
    if (text.role != TextRole::kHeading) continue;
    const float high = stage.height() * 0.17F;
    const TagLook& look = kLooks[rng.below(std::size(kLooks))];
    const Box banner{margin, top, wide, high};
    stage.canvas().rectangle(banner, paint(look.tag), stage.unit(4));
    KALE_OK(write_centred(stage, text, loud, {banner.x + margin, banner.y, wide - 2 * margin, high},
                          std::string(look.ink)));
    top += high + stage.unit(4);
  }
  const auto labels = std::ranges::count(contents.texts, TextRole::kLabel, &Text::role);
  const float tag_high = stage.unit(26);
  const float label_high = labels > 0 ? stage.unit(24) : 0;
  const float floor = stage.height() - margin - tag_high - label_high;
  KALE_OK(row_of_objects(stage, {margin, top, wide, floor - top - stage.unit(4)}));
  const float place = wide / static_cast<float>(contents.objects.size());
  const TagLook& look = kLooks[rng.below(std::size(kLooks))];
  const Font& price_font = stage.font(false);
  const Font& label_font = stage.font(true);
  for (const Text& text : contents.texts) {
    if (text.role == TextRole::kHeading) continue;
    const bool price = text.role == TextRole::kPriceTag;
    const float tag_wide = std::min(place * 0.94F, stage.unit(price ? 84 : 120));
    const float left = margin + place * (static_cast<float>(text.column) + 0.5F) - tag_wide / 2;
    const Box tag{left, price ? floor : floor + tag_high + stage.unit(3), tag_wide,
                  price ? tag_high : label_high - stage.unit(3)};
    stage.canvas().rectangle(tag, paint(price ? look.tag : "white"), stage.unit(price ? 5 : 2));
    const float pad = stage.unit(3);
    Text shown = text;
    shown.column = -1;
    KALE_OK(write_centred(stage, shown, price ? price_font : label_font,
                          {tag.x + pad, tag.y + pad, tag.width - 2 * pad, tag.height - 2 * pad},
                          price ? std::string(look.ink) : "black"));
  }
  return {};
}

}  // namespace kale::world
