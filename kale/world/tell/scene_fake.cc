#include "kale/world/tell/scene_fake.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "kale/core/rng.h"
#include "kale/world/scene/colours.h"
#include "kale/world/scene/kinds.h"
#include "kale/world/scene/world_plan.h"

namespace kale::world {
namespace {

constexpr float kApart = 4;  // pixels between two boxes of which one is beside the other
constexpr int kObjectsMax = 7, kPlaceTries = 40;
constexpr float kOverlapMax = 0.2F;

// Names as real parts have them: common nouns with and without capitals, and countries.
struct Named {
  std::string_view kind, name;
};
constexpr std::array<Named, 20> kNamed{{{"bird", "Adelaide rosella"},
                                        {"bird", "great blue heron"},
                                        {"penguin", "Magellanic penguin"},
                                        {"flag", "Norway"},
                                        {"flag", "the Netherlands"},
                                        {"flag", "Côte d'Ivoire"},
                                        {"planet", "Saturn"},
                                        {"fish", "lionfish"},
                                        {"apple", "Granny Smith apple"},
                                        {"camel", "Bactrian camel"},
                                        {"car", "SUV"},
                                        {"pair of pants", "jeans"},
                                        {"pair of cherries", "Stella cherries"},
                                        {"cat", "black cat"},
                                        {"coin", "2 euro coin"},
                                        {"herb", "thyme"},
                                        {"statue", "Statue of Liberty"},
                                        {"dog", "poodle"},
                                        {"chess piece", "white knight"},
                                        {"tree", "birch"}}};
constexpr std::array<std::string_view, 8> kSigns{"OPEN",           "Fresh Bread",  "EXIT",
                                                 "No parking",     "Welcome home", "SALE -20%",
                                                 "Sandy's Corner", "Mind the gap"};
constexpr std::array<std::string_view, 12> kWords{"Item",  "Monday",  "North", "Total",
                                                  "Rent",  "Tickets", "Rain",  "Wheat",
                                                  "Price", "2019",    "South", "Visitors"};
constexpr std::array<std::string_view, 8> kLines{
    "The meeting begins at nine on Tuesday.",
    "All guests are asked to sign the book.",
    "Prices are given without tax.",
    "A second copy is kept in the office.",
    "Those who arrive late wait at the gate, and will be shown to their seats in the interval.",
    "See the notes on the next page.",
    "Rain is expected from the west.",
    "Nothing has changed since last year."};

class Faker {
 public:
  Faker(std::uint64_t seed, std::optional<Layout> layout) : rng_(seed ^ 0x66616b65) {
    static constexpr std::array<Layout, 10> kLayouts{
        Layout::kObjects, Layout::kObjects, Layout::kObjects, Layout::kObjects, Layout::kObjects,
        Layout::kSign,    Layout::kPrice,   Layout::kTable,   Layout::kChart,   Layout::kPage};
    scene_.seed = seed;
    auto split = rng_.below(10);
    scene_.split = split < 8 ? Split::kTrain : split == 8 ? Split::kValidation : Split::kTest;
    scene_.layout = kLayouts[rng_.below(kLayouts.size())];
    scene_.key = scene_key(scene_.split, 0, static_cast<std::int64_t>(seed % 1'000'000'000));
    if (layout) scene_.layout = *layout;
  }

  Scene make() {
    static constexpr std::array<std::string_view, 3> kStyles{"photo", "drawing", "mixed"};
    static constexpr std::array<std::string_view, 4> kGrounds{"plain", "gradient", "paper",
                                                              "wallpaper"};
    scene_.style = kStyles[rng_.below(kStyles.size())];
    scene_.width = 224 + static_cast<int>(rng_.below(3)) * 64;
    scene_.height = 224 + static_cast<int>(rng_.below(3)) * 64;
    scene_.background.kind = kGrounds[rng_.below(kGrounds.size())];
    if (scene_.background.kind == "wallpaper") scene_.background.source = "fake/hills.webp";
    scene_.background.colour = colour();
    spoil();
    bool writing = scene_.layout != Layout::kObjects && scene_.layout != Layout::kPrice;
    std::uint64_t count = writing ? rng_.below(3) : 1 + rng_.below(kObjectsMax);
    while (scene_.objects.size() < count && place()) {
    }
    scene_.relations = fake_relations(scene_);
    write();
    return std::move(scene_);
  }

 private:
  std::string colour() { return std::string(kColours[rng_.below(kColours.size())]); }

  template <std::size_t N>
  std::string pick(const std::array<std::string_view, N>& items) {
    return std::string(items[rng_.below(N)]);
  }

  void spoil() {
    if (rng_.below(4) == 0) scene_.spoiling.blur_sigma = static_cast<float>(rng_.uniform() * 2);
    if (rng_.below(4) == 0) scene_.spoiling.noise_sigma = static_cast<float>(rng_.uniform() * 12);
    if (rng_.below(4) == 0) scene_.spoiling.vignette = static_cast<float>(rng_.uniform());
    if (rng_.below(4) == 0) scene_.spoiling.jpeg_quality = 30 + static_cast<int>(rng_.below(60));
  }

  // Again what is there, something named, or any kind.
  Object thing() {
    Object object;
    if (!scene_.objects.empty() && rng_.below(3) == 0) {
      object = scene_.objects[rng_.below(scene_.objects.size())];
      if (rng_.below(2) == 0) object.name.clear();
    } else if (rng_.below(3) == 0) {
      const Named& named = kNamed[rng_.below(kNamed.size())];
      object.kind = named.kind;
      object.name = named.name;
    } else {
      object.kind = kinds()[rng_.below(kinds().size())].noun;
    }
    object.part = "fake/" + object.kind;
    object.category = find_kind(object.kind)->category;
    object.colours.clear();
    std::set<std::string> seen;
    for (std::uint64_t at = 0, end = 1 + rng_.below(3); at < end; ++at) {
      if (std::string one = colour(); seen.insert(one).second) object.colours.push_back(one);
    }
    object.tint.reset();
    if (rng_.below(8) == 0) object.tint = object.colours[0];
    object.rotation = rng_.below(3) == 0 ? static_cast<float>(rng_.uniform() * 360 - 180) : 0;
    object.visible = rng_.below(5) == 0 ? 0.7F : 1;
    return object;
  }

  bool place() {
    Object object = thing();
    for (int attempt = 0; attempt < kPlaceTries; ++attempt) {
      auto side = static_cast<float>(scene_.width) * static_cast<float>(0.1 + rng_.uniform() * 0.4);
      Box box{.width = side, .height = side};
      box.x = static_cast<float>(rng_.uniform()) * (static_cast<float>(scene_.width) - side);
      box.y = static_cast<float>(rng_.uniform()) *
              std::max(0.0F, static_cast<float>(scene_.height) - side);
      if (std::ranges::any_of(scene_.objects, [&](const Object& other) {
            return overlap(box, other.box) > kOverlapMax;
          })) {
        continue;
      }
      object.box = box;
      scene_.objects.push_back(std::move(object));
      return true;
    }
    return false;
  }

  // Of the smaller one's area.
  static float overlap(const Box& one, const Box& other) {
    float across = std::min(one.x + one.width, other.x + other.width) - std::max(one.x, other.x);
    float down = std::min(one.y + one.height, other.y + other.height) - std::max(one.y, other.y);
    if (across <= 0 || down <= 0) return 0;
    return across * down / std::min(one.width * one.height, other.width * other.height);
  }

  void text(std::string words, TextRole role, int row = -1, int column = -1) {
    Text made{.text = std::move(words), .role = role, .font = "DejaVu Sans", .colour = ink_};
    made.box = {static_cast<float>(rng_.below(60)), static_cast<float>(rng_.below(160)), 60, 14};
    made.row = row;
    made.column = column;
    scene_.texts.push_back(std::move(made));
  }

  void write() {
    ink_ = colour();
    switch (scene_.layout) {
      case Layout::kObjects:
        if (rng_.below(8) == 0) text(pick(kWords), TextRole::kLabel);
        return;
      case Layout::kSign:
        for (std::uint64_t at = 0, end = 1 + rng_.below(2); at < end; ++at) {
          text(pick(kSigns), TextRole::kSign);
        }
        return;
      case Layout::kPrice:
        text(fmt::format("${}.{:02}", 1 + rng_.below(90), rng_.below(100)), TextRole::kPriceTag);
        if (rng_.below(2) == 0) text(pick(kWords), TextRole::kLabel);
        return;
      case Layout::kTable:
        return write_table();
      case Layout::kChart:
        return write_chart();
      case Layout::kPage:
        text(pick(kSigns), TextRole::kHeading);
        for (std::uint64_t at = 0, end = 3 + rng_.below(9); at < end; ++at) {
          text(pick(kLines), TextRole::kLine);
        }
    }
  }

  void write_table() {
    if (rng_.below(2) == 0) text(pick(kSigns), TextRole::kHeading);
    int rows = 2 + static_cast<int>(rng_.below(5)), columns = 2 + static_cast<int>(rng_.below(4));
    for (int row = 0; row < rows; ++row) {
      for (int column = 0; column < columns; ++column) {
        bool words = row == 0 || column == 0;
        text(words ? fmt::format("{} {}", pick(kWords), row + column)
                   : std::to_string(rng_.below(900)),
             TextRole::kCell, row, column);
      }
    }
  }

  void write_chart() {
    Chart chart{.title = pick(kSigns) + " by month", .unit = rng_.below(2) == 0 ? "tonnes" : "%"};
    chart.bar_colour = colour();
    text(chart.title, TextRole::kHeading);
    for (std::uint64_t bar = 0, end = 2 + rng_.below(6); bar < end; ++bar) {
      chart.labels.push_back(fmt::format("{}{}", pick(kWords), bar));
      chart.values.push_back(static_cast<int>(rng_.below(100)));
      text(chart.labels.back(), TextRole::kAxis);
      if (rng_.below(2) == 0) text(std::to_string(chart.values.back()), TextRole::kValue);
    }
    scene_.chart = std::move(chart);
  }

  Rng rng_;
  Scene scene_;
  std::string ink_;
};

}  // namespace

std::vector<Relating> fake_relations(const Scene& scene) {
  std::vector<Relating> relations;
  for (int one = 0; one < static_cast<int>(scene.objects.size()); ++one) {
    for (int other = 0; other < static_cast<int>(scene.objects.size()); ++other) {
      const Box& a = scene.objects[one].box;
      const Box& b = scene.objects[other].box;
      if (one == other) continue;
      if (a.x + a.width + kApart < b.x) relations.push_back({one, Relation::kLeftOf, other});
      if (b.x + b.width + kApart < a.x) relations.push_back({one, Relation::kRightOf, other});
      if (a.y + a.height + kApart < b.y) relations.push_back({one, Relation::kAbove, other});
      if (b.y + b.height + kApart < a.y) relations.push_back({one, Relation::kBelow, other});
    }
  }
  return relations;
}

Scene fake_scene(std::uint64_t seed) { return Faker(seed, {}).make(); }
Scene fake_scene(std::uint64_t seed, Layout layout) { return Faker(seed, layout).make(); }

}  // namespace kale::world
