#include <algorithm>
#include <vector>

#include "kale/world/compose/arrange.h"
#include "kale/world/compose/chance.h"

namespace kale::world {
namespace {

struct Grid {
  Box box;
  int rows = 0;
  std::vector<float> edges;  // of columns, one more than there are
  float row_height() const { return box.height / static_cast<float>(rows); }
};

// Columns are as wide as their longest words ask.
Grid grid_of(const std::vector<Text>& texts, const Box& box) {
  Grid grid{.box = box};
  std::vector<float> longest;
  for (const Text& text : texts) {
    if (text.role != TextRole::kCell) continue;
    grid.rows = std::max(grid.rows, text.row + 1);
    const auto column = static_cast<std::size_t>(text.column);
    if (column >= longest.size()) longest.resize(column + 1);
    longest[column] = std::max(longest[column], static_cast<float>(text.text.size()) + 2);
  }
  float sum = 0;
  for (float length : longest) sum += length;
  grid.edges.push_back(box.x);
  for (float length : longest) grid.edges.push_back(grid.edges.back() + box.width * length / sum);
  return grid;
}

void draw_grid(Stage& stage, const Grid& grid, Rgb line, Rgb head) {
  Rng& rng = stage.rng();
  const float row = grid.row_height();
  const Box& box = grid.box;
  stage.canvas().rectangle({box.x, box.y, box.width, row}, head);
  const float thin = std::max(1.0F, stage.unit(1));
  const bool upright = chance(rng, 0.6);
  for (int i = 0; i <= grid.rows; ++i)
    stage.canvas().rectangle({box.x, box.y + row * static_cast<float>(i), box.width, thin}, line);
  if (!upright) return;
  for (float edge : grid.edges) stage.canvas().rectangle({edge, box.y, thin, box.height}, line);
}

}  // namespace

Status arrange_table(Stage& stage) {
  Rng& rng = stage.rng();
  const Contents& contents = stage.contents();
  const float margin = stage.unit(8);
  const float wide = stage.width() - 2 * margin;
  const float heading_high = stage.unit(30);
  const float strip = contents.objects.empty() ? 0 : stage.height() * 0.27F;
  const float top = margin + heading_high;
  const Grid grid =
      grid_of(contents.texts, {margin, top, wide, stage.height() - margin - strip - top});
  static const std::vector<std::string> kHeads = {"blue",   "green", "red",
                                                  "purple", "black", "brown"};
  draw_grid(stage, grid, {140, 140, 145}, paint(pick(rng, kHeads)));
  const Font& heading_font = stage.font(false);
  const Font& font = stage.font(true);
  const float row = grid.row_height();
  const float pad = stage.unit(4);
  const float size = std::min(row * 0.62F, stage.unit(17));
  for (const Text& text : contents.texts) {
    if (text.role == TextRole::kHeading) {
      KALE_OK(write_centred(stage, text, heading_font, {margin, margin / 2, wide, heading_high},
                            stage.ink_colour()));
      continue;
    }
    const auto column = static_cast<std::size_t>(text.column);
    const float left = grid.edges[column] + pad;
    const float room = grid.edges[column + 1] - left - pad / 2;
    KALE_TRY(const std::optional<Lettered> line, stage.lettered(text.text, font, size, room));
    if (!line) continue;
    const float y = grid.box.y + row * static_cast<float>(text.row) +
                    (row - static_cast<float>(line->ink.mask.height)) / 2;
    stage.write(text, *line, font, text.row == 0 ? "white" : stage.ink_colour(),
                left - static_cast<float>(line->ink.left), y - static_cast<float>(line->ink.top));
  }
  if (contents.objects.empty()) return {};
  return row_of_objects(
      stage, {margin, grid.box.y + grid.box.height + stage.unit(3), wide, strip - stage.unit(6)});
}

}  // namespace kale::world
