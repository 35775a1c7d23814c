#include <algorithm>

#include "kale/world/compose/arrange.h"
#include "kale/world/compose/chance.h"

namespace kale::world {
namespace {

struct SignLook {
  std::string_view board, ink, rim;
};
constexpr SignLook kLooks[] = {
    {"white", "black", "black"}, {"white", "red", "red"},      {"yellow", "black", "black"},
    {"red", "white", "white"},   {"blue", "white", "white"},   {"green", "white", "white"},
    {"black", "yellow", "grey"}, {"brown", "white", "yellow"}, {"orange", "black", "white"},
    {"white", "blue", "blue"},   {"black", "white", "white"},  {"pink", "black", "purple"}};

Box inset(const Box& box, float by) {
  return {box.x + by, box.y + by, box.width - 2 * by, box.height - 2 * by};
}

void draw_board(Stage& stage, const Box& board, const SignLook& look) {
  Rng& rng = stage.rng();
  const float rim = stage.unit(real(rng, 2.0F, 4.0F));
  const float radius = chance(rng, 0.6) ? stage.unit(real(rng, 3.0F, 14.0F)) : 0;
  if (chance(rng, 0.5)) {
    const float post = stage.unit(6);
    for (const float share : {0.25F, 0.75F})
      stage.canvas().rectangle(
          {board.x + board.width * share - post / 2, board.y, post, stage.height() - board.y},
          {92, 84, 76});
  }
  stage.canvas().rectangle(board, paint(look.rim), radius);
  stage.canvas().rectangle(inset(board, rim), paint(look.board), std::max(0.0F, radius - rim));
}

}  // namespace

Status write_centred(Stage& stage, const Text& text, const Font& font, const Box& room,
                     const std::string& colour) {
  // Letters take about four fifths of a font's size in height.
  KALE_TRY(const std::optional<Lettered> line,
           stage.lettered(text.text, font, room.height * 0.9F, room.width));
  if (!line) return {};
  const auto width = static_cast<float>(line->ink.mask.width);
  const auto height = static_cast<float>(line->ink.mask.height);
  stage.write(text, *line, font, colour,
              room.x + (room.width - width) / 2 - static_cast<float>(line->ink.left),
              room.y + (room.height - height) / 2 - static_cast<float>(line->ink.top));
  return {};
}

Status arrange_sign(Stage& stage) {
  Rng& rng = stage.rng();
  const std::vector<Text>& lines = stage.contents().texts;
  const auto count = static_cast<float>(lines.size());
  const float high = stage.height() * std::min(0.5F, real(rng, 0.2F, 0.25F) + 0.1F * count);
  const float wide = stage.width() * real(rng, 0.6F, 0.92F);
  const Box board{real(rng, 0.03F, 0.97F) * (stage.width() - wide),
                  stage.height() * real(rng, 0.04F, 0.1F), wide, high};
  const SignLook& look = kLooks[rng.below(std::size(kLooks))];
  draw_board(stage, board, look);
  const Font& font = stage.font(false);
  const Box inner = inset(board, stage.unit(7));
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const float each = inner.height / count;
    KALE_OK(write_centred(stage, lines[i], font,
                          {inner.x, inner.y + each * static_cast<float>(i), inner.width, each},
                          std::string(look.ink)));
  }
  const float below = board.y + board.height + stage.unit(3);
  return strewn_objects(
      stage,
      {stage.unit(4), below, stage.width() - stage.unit(8), stage.height() - below - stage.unit(3)},
      0);
}

}  // namespace kale::world
