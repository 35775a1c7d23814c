#include <fmt/format.h>

#include <algorithm>
#include <sstream>
#include <string_view>

#include "kale/world/compose/arrange.h"
#include "kale/world/compose/chance.h"

namespace kale::world {
namespace {

// As wide as its letters are on average.
constexpr std::string_view kSample = "The owners of the northern mill counted 27 pages.";
constexpr float kSampleShare = 1.04F;  // some lines are wider
constexpr float kLineHeight = 1.3F;

// Lines flow down a column until it is full.
class Column {
 public:
  Column(Stage& stage, const Font& font, const Box& box, float size, float letter_width)
      : stage_(stage), font_(font), box_(box), size_(size), letter_width_(letter_width) {}

  bool full() const { return box_.height < size_ * kLineHeight; }

  // All of the paragraph that there is room for.
  Status add(const std::string& paragraph) {
    std::istringstream words(paragraph);
    std::string line;
    std::string word;
    while (!full() && words >> word) {
      const std::string longer = fmt::format("{}{}{}", line, line.empty() ? "" : " ", word);
      if (static_cast<float>(longer.size()) * letter_width_ <= box_.width) {
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
  float letter_width_;
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
  const Font& font = stage.font(true);
  const float size = stage.unit(real(rng, 10.5F, 13.5F));
  KALE_TRY(const Ink sample, ink(kSample, font.family, static_cast<int>(size)));
  Column column(stage, font, {margin, top, wide, stage.height() - top - strip - margin / 2}, size,
                static_cast<float>(sample.mask.width) * kSampleShare / kSample.size());
  for (const std::string& paragraph : contents.paragraphs) {
    if (column.full()) break;
    KALE_OK(column.add(paragraph));
  }
  if (contents.objects.empty()) return {};
  return row_of_objects(stage, {margin, stage.height() - strip, wide, strip - stage.unit(5)});
}

}  // namespace kale::world
