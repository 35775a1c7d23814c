#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "kale/world/compose/arrange.h"
#include "kale/world/compose/chance.h"

namespace kale::world {
namespace {

constexpr double kValuesShown = 0.8;

// A round step that divides the axis into two to five parts.
int step_of(int most) {
  int step = 1;
  for (int ten = 1; ten <= most; ten *= 10) {
    for (int factor : {1, 2, 5}) {
      if (most / (ten * factor) >= 2) step = ten * factor;
    }
  }
  return step;
}

struct Plot {
  Box box;
  int most = 1;
  float y_of(int value) const {
    return box.y + box.height * (1 - static_cast<float>(value) / static_cast<float>(most));
  }
};

struct Pens {
  const Font& font;
  std::string colour;
};

Status write_small(Stage& stage, const Pens& pens, const std::string& words, TextRole role,
                   const Box& room) {
  return write_centred(stage, {.text = words, .role = role}, pens.font, room, pens.colour);
}

Status draw_axis(Stage& stage, const Plot& plot, const Pens& pens) {
  const int step = step_of(plot.most);
  const float high = stage.unit(15);
  const float thin = std::max(1.0F, stage.unit(1));
  for (int value = plot.most / step * step; value >= 0; value -= step) {
    const float y = plot.y_of(value);
    stage.canvas().rectangle({plot.box.x, y, plot.box.width, thin}, {165, 165, 170});
    KALE_OK(write_small(stage, pens, fmt::format("{}", value), TextRole::kAxis,
                        {stage.unit(4), y - high / 2, plot.box.x - stage.unit(8), high}));
  }
  stage.canvas().rectangle({plot.box.x, plot.box.y, thin, plot.box.height}, {120, 120, 125});
  return {};
}

Status draw_bars(Stage& stage, const Plot& plot, const Chart& chart, const Pens& pens) {
  Rng& rng = stage.rng();
  const bool shown = chance(rng, kValuesShown);
  const float place = plot.box.width / static_cast<float>(chart.values.size());
  const float bar = place * real(rng, 0.5F, 0.78F);
  const float high = stage.unit(15);
  const auto left_of = [&](std::size_t i) { return plot.box.x + place * static_cast<float>(i); };
  for (std::size_t i = 0; i < chart.values.size(); ++i) {
    const float y = plot.y_of(chart.values[i]);
    stage.canvas().rectangle(
        {left_of(i) + (place - bar) / 2, y, bar, plot.box.y + plot.box.height - y},
        paint(chart.bar_colour));
    if (!shown) continue;
    KALE_OK(write_small(stage, pens, fmt::format("{}", chart.values[i]), TextRole::kValue,
                        {left_of(i), y - high, place, high}));
  }
  for (std::size_t i = 0; i < chart.labels.size(); ++i) {
    KALE_OK(write_small(stage, pens, chart.labels[i], TextRole::kAxis,
                        {left_of(i), plot.box.y + plot.box.height + stage.unit(2), place, high}));
  }
  return {};
}

// A label that found no room is in no picture, so it is in no truth.
void forget_undrawn(const Stage& stage, Chart& chart) {
  for (std::string& label : chart.labels) {
    const bool drawn = std::ranges::any_of(stage.texts(), [&](const Text& text) {
      return text.role == TextRole::kAxis && text.text == label;
    });
    if (!drawn) label.clear();
  }
}

}  // namespace

Status arrange_chart(Stage& stage) {
  Rng& rng = stage.rng();
  const Contents& contents = stage.contents();
  static const std::vector<std::string> kBars = {"blue",   "red",   "green", "orange",
                                                 "purple", "brown", "pink"};
  Chart chart = *contents.chart;
  chart.bar_colour = pick(rng, kBars);
  const float margin = stage.unit(6);
  const float title_high = stage.unit(26);
  KALE_OK(write_centred(stage, {.text = chart.title, .role = TextRole::kHeading}, stage.font(false),
                        {margin, margin / 2, stage.width() - 2 * margin, title_high},
                        stage.ink_colour()));
  const Pens pens{stage.font(true), stage.ink_colour()};
  const float unit_high = stage.unit(16);
  KALE_OK(write_small(stage, pens, chart.unit, TextRole::kAxis,
                      {margin, margin / 2 + title_high, stage.unit(56), unit_high}));
  const float strip = contents.objects.empty() ? 0 : stage.width() * 0.26F;
  // Room for the value above the tallest bar.
  const float top = title_high + unit_high + stage.unit(18);
  const Plot plot{{stage.unit(36), top, stage.width() - stage.unit(44) - strip,
                   stage.height() - top - stage.unit(24)},
                  *std::ranges::max_element(chart.values)};
  KALE_OK(draw_axis(stage, plot, pens));
  KALE_OK(draw_bars(stage, plot, chart, pens));
  forget_undrawn(stage, chart);
  stage.set_chart(std::move(chart));
  if (contents.objects.empty()) return {};
  return strewn_objects(stage,
                        {stage.width() - strip - stage.unit(2), plot.box.y, strip,
                         stage.height() - plot.box.y - stage.unit(6)},
                        0);
}

}  // namespace kale::world
