#include <algorithm>
#include <sstream>

#include "kale/world/compose/arrange.h"
#include "kale/world/compose/chance.h"

namespace kale::world {
namespace {

constexpr float kLetterWidth = 0.5F;  // of an average letter, in sizes of its font
constexpr float kLineHeight = 1.4F;

// Lines flow down a column until it is full.
class Column {
 public:
  Column(Stage& stage, const Font& font, const Box& box, float size)
      : stage_(stage), font_(font), box_(box), size_(size) {}

  bool full() const { return box_.height < size_ * kLineHeight; }

  // All of the paragraph that there is room for.
  Status add(const std::string& paragraph) {
    std::istringstream words(paragraph);
    std::string line;
    std::string word;
    while (!full() && words >> word) {
      const std::string longer = line.empty() ? word : line + " " + word;
      if (static_cast<float>(longer.size()) * size_ * kLetterWidth <= box_.width) {
        line = longer;
        continue;
      }
      KALE_OK(write(line));
      line = word;
    }
    if (full() || line.empty()) return {};
    return write(line);
  }

 private:
  Status write(const std::string& line) {
    KALE_TRY(const std::optional<Lettered> letters,
             stage_.lettered(line, font_, size_, box_.width));
    if (letters)
      stage_.write({.text = line, .role = TextRole::kLine}, *letters, font_, stage_.ink_colour(),
                   box_.x, box_.y);
    box_.y += size_ * kLineHeight;
    box_.height -= size_ * kLineHeight;
    return {};
  }

  Stage& stage_;
  const Font& font_;
  Box box_;
  float size_;
};

}  // namespace

Status arrange_page(Stage& stage) {
  Rng& rng = stage.rng();
  const Contents& contents = stage.contents();
  const float margin = stage.unit(real(rng, 8.0F, 16.0F));
  const float wide = stage.width() - 2 * margin;
  const float heading_high = stage.unit(32);
  KALE_OK(write_centred(stage, contents.texts.front(), stage.font(false),
                        {margin, margin / 2, wide, heading_high}, stage.ink_colour()));
  if (chance(rng, 0.4))
    stage.canvas().rectangle(
        {margin, margin / 2 + heading_high, wide, std::max(1.0F, stage.unit(1))}, {140, 140, 145});
  const float strip = contents.objects.empty() ? 0 : stage.height() * real(rng, 0.28F, 0.36F);
  const float top = margin + heading_high;
  Column column(stage, stage.font(true),
                {margin, top, wide, stage.height() - top - strip - margin / 2},
                stage.unit(real(rng, 11.0F, 14.0F)));
  for (const std::string& sentence : contents.sentences) {
    if (column.full()) break;
    KALE_OK(column.add(sentence));
  }
  if (contents.objects.empty()) return {};
  return row_of_objects(stage, {margin, stage.height() - strip, wide, strip - stage.unit(5)});
}

}  // namespace kale::world
