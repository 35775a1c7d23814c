#include "kale/world/compose/contents.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "kale/world/compose/chance.h"
#include "kale/world/compose/lexicon.h"
#include "kale/world/scene/kinds.h"

namespace kale::world {
namespace {

constexpr double kFlagShare = 0.1;
constexpr double kAgainShare = 0.25;  // an object comes several times
constexpr double kTintShare = 0.2;

Layout pick_layout(Rng& rng) {
  // Objects, sign, price, table, chart, page: a third is text-dense.
  constexpr std::array kWeights = {0.42, 0.13, 0.12, 0.1, 0.11, 0.12};
  return static_cast<Layout>(weighted(rng, kWeights));
}

int pick_count(Layout layout, Rng& rng) {
  constexpr std::array kCounts = {0.24, 0.25, 0.19, 0.13, 0.09, 0.06, 0.04};
  switch (layout) {
    case Layout::kObjects:
      return 1 + static_cast<int>(weighted(rng, kCounts));
    case Layout::kSign:
      return whole(rng, 1, 3);
    case Layout::kPrice:
      return whole(rng, 1, 4);
    case Layout::kTable:
    case Layout::kChart:
    case Layout::kPage:
      return whole(rng, 1, 2);
  }
  return 1;
}

// Things with a flat top, on which others may stand.
constexpr std::array<std::string_view, 14> kCarriers = {
    "package",   "suitcase", "stack of books",   "washing machine", "refrigerator", "bus",
    "microwave", "toolbox",  "desktop computer", "television",      "gift",         "school bus",
    "printer",   "book"};
constexpr std::array<std::string_view, 4> kStanders = {"animal", "toy", "food", "sport"};
constexpr double kStandingShare = 0.12;

bool one_is_the_other(const Part& a, const Part& b) {
  const auto calls = [](const Part& part, const std::string& word) {
    const Kind* kind = find_kind(part.kind);
    return std::ranges::count(kind->synonyms, word) > 0 ||
           std::ranges::count(kind->hypernyms, word) > 0;
  };
  return a.kind == b.kind || calls(a, b.kind) || calls(b, a.kind);
}

Text text_of(std::string words, TextRole role, int row = -1, int column = -1) {
  return {.text = std::move(words), .role = role, .row = row, .column = column};
}

std::string shown_noun(std::string noun) {
  if (!noun.empty() && noun[0] >= 'a' && noun[0] <= 'z')
    noun[0] = static_cast<char>(noun[0] - 'a' + 'A');
  return noun;
}

void add_sign(Contents& contents, Rng& rng) {
  for (const std::string& line : pick(rng, sign_forms()))
    contents.texts.push_back(text_of(filled(line, rng), TextRole::kSign));
}

// A price under each thing, what it is over some, an offer over all.
void add_prices(Contents& contents, Rng& rng) {
  if (chance(rng, 0.5))
    contents.texts.push_back(text_of(from_list("offer", rng), TextRole::kHeading));
  const bool labelled = chance(rng, 0.4);
  for (std::size_t i = 0; i < contents.objects.size(); ++i) {
    const int column = static_cast<int>(i);
    contents.texts.push_back(text_of(filled("{price}", rng), TextRole::kPriceTag, -1, column));
    if (labelled)
      contents.texts.push_back(
          text_of(shown_noun(contents.objects[i].part->kind), TextRole::kLabel, -1, column));
  }
}

void add_table(Contents& contents, Rng& rng) {
  const TableForm& form = pick(rng, table_forms());
  contents.texts.push_back(text_of(form.heading, TextRole::kHeading));
  const auto rows = static_cast<std::size_t>(whole(rng, 3, 6));
  const std::vector<std::string> first = entries(form.rows, rows, rng);
  for (std::size_t row = 0; row <= first.size(); ++row) {
    for (std::size_t column = 0; column < form.columns.size(); ++column) {
      std::string words = row == 0      ? form.columns[column]
                          : column == 0 ? first[row - 1]
                                        : filled(form.cells[column - 1], rng);
      contents.texts.push_back(text_of(std::move(words), TextRole::kCell, static_cast<int>(row),
                                       static_cast<int>(column)));
    }
  }
}

void add_chart(Contents& contents, Rng& rng) {
  const ChartForm& form = pick(rng, chart_forms());
  Chart chart{.title = filled(form.title, rng), .unit = form.unit};
  chart.labels = entries(form.labels, static_cast<std::size_t>(whole(rng, 3, 6)), rng);
  for (std::size_t i = 0; i < chart.labels.size(); ++i) {
    // Months and days stand by their first letters, as they do in charts.
    if (form.labels == "month" || form.labels == "day") chart.labels[i].resize(3);
    int value = whole(rng, form.least, form.most);
    // The best and the worst must be told apart by eye.
    while (std::ranges::find(chart.values, value) != chart.values.end())
      value = whole(rng, form.least, form.most);
    chart.values.push_back(value);
  }
  contents.chart = std::move(chart);
}

void add_page(Contents& contents, Rng& rng) {
  contents.texts.push_back(text_of(from_list("heading", rng), TextRole::kHeading));
  for (int i = whole(rng, 4, 9); i > 0; --i)
    contents.sentences.push_back(from_list("sentence", rng));
}

void choose_background(Contents& contents, const Shelf& shelf, Rng& rng) {
  static const std::array<std::string, 4> kKinds = {"plain", "gradient", "paper", "wallpaper"};
  constexpr std::array kPictures = {0.25, 0.2, 0.1, 0.45};
  constexpr std::array kPrices = {0.35, 0.3, 0.05, 0.3};
  constexpr std::array kDocuments = {0.5, 0.08, 0.42, 0.0};
  const std::array<double, 4>& weights =
      contents.layout == Layout::kObjects || contents.layout == Layout::kSign ? kPictures
      : contents.layout == Layout::kPrice                                     ? kPrices
                                                                              : kDocuments;
  contents.background = kKinds[weighted(rng, weights)];
  if (contents.background == "wallpaper") contents.wallpaper = &pick(rng, shelf.wallpapers);
}

Spoiling choose_spoiling(Layout layout, Rng& rng) {
  const bool dense =
      layout == Layout::kTable || layout == Layout::kChart || layout == Layout::kPage;
  Spoiling spoiling;
  if (chance(rng, 0.25)) spoiling.blur_sigma = real(rng, 0.35F, dense ? 0.5F : 1.1F);
  if (chance(rng, 0.35)) spoiling.noise_sigma = real(rng, 1.5F, dense ? 5.0F : 9.0F);
  if (chance(rng, 0.2)) spoiling.vignette = real(rng, 0.15F, 0.5F);
  if (layout == Layout::kObjects && chance(rng, 0.2)) spoiling.cropped = real(rng, 0.03F, 0.12F);
  spoiling.jpeg_quality = whole(rng, dense ? 60 : 45, 95);
  return spoiling;
}

}  // namespace

Choice::Choice(const Shelf& shelf) : shelf_(shelf) {
  std::map<std::pair<std::string, std::string>, std::vector<const Part*>> parts;
  for (const Part& part : shelf.parts) {
    if (part.is_flag()) {
      flags_.push_back(&part);
      continue;
    }
    parts[{"mixed", part.kind}].push_back(&part);
    parts[{part.photo ? "photo" : "drawing", part.kind}].push_back(&part);
  }
  for (const auto& [key, list] : parts) {
    if (key.first != "mixed") continue;
    const Part& first = *list.front();
    if (std::ranges::count(kCarriers, first.kind) > 0) carriers_.push_back(list);
    if (std::ranges::count(kStanders, first.category) > 0) standers_.push_back(list);
  }
  for (auto& [key, list] : parts) by_style_[key.first].push_back(std::move(list));
  for (const Font& font : shelf.fonts) {
    if (font.small) small_fonts_.push_back(&font);
  }
}

const Font& Choice::font(Rng& rng, bool small) const {
  return small ? *pick(rng, small_fonts_) : pick(rng, shelf_.fonts);
}

const Part& Choice::part(Rng& rng, const std::string& style) const {
  if (style != "photo" && chance(rng, kFlagShare)) return *pick(rng, flags_);
  return *pick(rng, pick(rng, by_style_.at(style)));
}

std::vector<Chosen> Choice::parts(Rng& rng, int count) const {
  static const std::vector<std::string> kStyles = {"photo", "photo", "drawing", "drawing", "mixed"};
  static const std::vector<std::string> kTints = {"red",  "orange", "yellow", "green",
                                                  "blue", "purple", "pink"};
  const std::string& style = pick(rng, kStyles);
  std::vector<Chosen> chosen;
  while (static_cast<int>(chosen.size()) < count) {
    Chosen one{&part(rng, style), std::nullopt};
    // Each thing can be told from the rest by its noun; flags by their names.
    const bool confusable = std::ranges::any_of(chosen, [&](const Chosen& other) {
      return other.part == one.part ||
             (!one.part->is_flag() && one_is_the_other(*other.part, *one.part));
    });
    if (confusable) continue;
    if (one.part->name.empty() && chance(rng, kTintShare)) one.tint = pick(rng, kTints);
    const int room = count - static_cast<int>(chosen.size());
    const int times = room > 1 && chance(rng, kAgainShare) ? whole(rng, 2, room) : 1;
    chosen.insert(chosen.end(), static_cast<std::size_t>(times), one);
  }
  return chosen;
}

Contents Choice::contents(Rng& rng) const {
  Contents contents;
  contents.layout = pick_layout(rng);
  const Layout layout = contents.layout;
  const bool alone =
      layout == Layout::kTable || layout == Layout::kChart || layout == Layout::kPage;
  if (!alone || chance(rng, 0.6)) contents.objects = parts(rng, pick_count(layout, rng));
  if (layout == Layout::kObjects && chance(rng, kStandingShare)) {
    contents.standing = true;
    contents.objects = {{pick(rng, pick(rng, carriers_)), std::nullopt},
                        {pick(rng, pick(rng, standers_)), std::nullopt}};
  }
  if (layout == Layout::kSign) add_sign(contents, rng);
  if (layout == Layout::kPrice) add_prices(contents, rng);
  if (layout == Layout::kTable) add_table(contents, rng);
  if (layout == Layout::kChart) add_chart(contents, rng);
  if (layout == Layout::kPage) add_page(contents, rng);
  choose_background(contents, shelf_, rng);
  contents.spoiling = choose_spoiling(layout, rng);
  return contents;
}

Scene told_of(const Contents& contents, Split split) {
  Scene scene{.split = split, .layout = contents.layout};
  bool photo = false;
  bool drawing = false;
  for (const Chosen& chosen : contents.objects) {
    const Part& part = *chosen.part;
    (part.photo ? photo : drawing) = true;
    scene.objects.push_back({.part = part.id,
                             .kind = part.kind,
                             .name = part.name,
                             .category = part.category,
                             .tint = chosen.tint});
  }
  scene.style = photo && drawing ? "mixed" : photo ? "photo" : "drawing";
  scene.texts = contents.texts;
  scene.chart = contents.chart;
  scene.background.kind = contents.background;
  if (contents.wallpaper != nullptr) scene.background.source = contents.wallpaper->name;
  scene.spoiling = contents.spoiling;
  return scene;
}

}  // namespace kale::world
