#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "kale/io/temp_folder.h"
#include "kale/world/compose/composer.h"
#include "kale/world/compose/lexicon.h"
#include "kale/world/compose/relations.h"
#include "kale/world/draw/colours.h"
#include "kale/world/draw/lettering.h"
#include "kale/world/draw/picture.h"
#include "kale/world/scene/truth.h"

namespace kale::world {
namespace {

constexpr std::uint64_t kScenes = 150;

bool has(const std::vector<Relating>& relations, int a, Relation relation, int b) {
  return std::ranges::count(relations, Relating{a, relation, b}) > 0;
}

TEST(Relations, NeedRoomBetweenThings) {
  const std::vector<Object> objects = {{.box = {0, 50, 40, 40}},
                                       {.box = {60, 50, 40, 40}},
                                       {.box = {62, 0, 40, 40}},
                                       {.box = {90, 60, 40, 40}}};
  const std::vector<Relating> relations = relations_of(objects, {});
  EXPECT_TRUE(has(relations, 0, Relation::kLeftOf, 1));
  EXPECT_TRUE(has(relations, 1, Relation::kRightOf, 0));
  EXPECT_FALSE(has(relations, 0, Relation::kAbove, 1));
  EXPECT_TRUE(has(relations, 2, Relation::kAbove, 1));
  EXPECT_TRUE(has(relations, 1, Relation::kBelow, 2));
  EXPECT_FALSE(has(relations, 1, Relation::kLeftOf, 2));  // straight below
  EXPECT_TRUE(has(relations, 0, Relation::kLeftOf, 2));   // aslant: both
  EXPECT_TRUE(has(relations, 2, Relation::kAbove, 0));
  EXPECT_FALSE(has(relations, 1, Relation::kLeftOf, 3));  // they overlap by a quarter
}

TEST(Relations, WhatStandsIsAbove) {
  const std::vector<Object> objects = {{.box = {0, 50, 60, 40}}, {.box = {10, 30, 20, 22}}};
  const std::vector<Relating> relations = relations_of(objects, {{1, 0}});
  EXPECT_TRUE(has(relations, 1, Relation::kOn, 0));
  EXPECT_TRUE(has(relations, 1, Relation::kAbove, 0));
  EXPECT_TRUE(has(relations, 0, Relation::kBelow, 1));
  EXPECT_FALSE(has(relations_of(objects, {}), 1, Relation::kOn, 0));
}

TEST(Lexicon, EveryFormIsFilled) {
  Rng rng(1);
  const auto sane = [](const std::string& words) {
    return !words.empty() && words.size() <= kLineBytesMax &&
           words.find_first_of("{}") == std::string::npos;
  };
  for (const auto& sign : sign_forms()) {
    for (const std::string& line : sign) EXPECT_TRUE(sane(filled(line, rng))) << line;
  }
  for (const TableForm& form : table_forms()) {
    EXPECT_GE(entries(form.rows, 4, rng).size(), 4u) << form.heading;
    for (const std::string& cell : form.cells) EXPECT_TRUE(sane(filled(cell, rng))) << cell;
  }
  for (const ChartForm& form : chart_forms()) {
    EXPECT_GE(entries(form.labels, 5, rng).size(), 5u) << form.title;
    EXPECT_GT(form.most - form.least, 8) << form.title;
  }
  for (int i = 0; i < 300; ++i) EXPECT_TRUE(sane(from_list("sentence", rng)));
}

// Scenes of one seed after another, made once for all tests.
class Scenes : public testing::Test {
 protected:
  struct World {
    TempFolder folder;
    Catalogue catalogue;
    Cutouts cutouts{real_disk(), folder.path(), 200};
    Composer composer;
    std::vector<Composed> scenes;
    explicit World(Catalogue loaded)
        : catalogue(std::move(loaded)), composer(catalogue, cutouts, 224) {
      for (std::uint64_t seed = 0; seed < kScenes; ++seed)
        scenes.push_back(composer.compose(seed, Split::kTrain).value());
    }
  };
  void SetUp() override {
    Result<Catalogue> catalogue = Catalogue::load({});
    if (!catalogue) GTEST_SKIP() << "run scripts/setup.sh: " << catalogue.error().message;
    if (!world_) world_ = std::make_unique<World>(std::move(*catalogue));
  }
  static void TearDownTestSuite() { world_.reset(); }
  static std::unique_ptr<World> world_;
};
std::unique_ptr<Scenes::World> Scenes::world_;

bool inside(const Box& box, const Scene& scene) {
  return box.x >= 0 && box.y >= 0 && box.width > 0 && box.height > 0 &&
         box.x + box.width <= static_cast<float>(scene.width) &&
         box.y + box.height <= static_cast<float>(scene.height);
}

bool touch(const Box& a, const Box& b) {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

TEST_F(Scenes, SameSeedSameSceneAndBytes) {
  for (std::uint64_t seed : {3u, 50u, 149u}) {
    const Composed again = world_->composer.compose(seed, Split::kTrain).value();
    EXPECT_EQ(again.scene, world_->scenes[seed].scene);
    EXPECT_EQ(again.jpeg, world_->scenes[seed].jpeg);
  }
}

TEST_F(Scenes, EverythingLiesInThePictureAndWordsDoNotTouch) {
  for (const auto& [scene, jpeg] : world_->scenes) {
    for (const Object& object : scene.objects) {
      EXPECT_TRUE(inside(object.box, scene)) << scene.seed << " " << object.part;
      EXPECT_GT(object.visible, 0.3F) << scene.seed << " " << object.part;
      EXPECT_LE(object.visible, 1) << scene.seed;
      for (const Text& text : scene.texts)
        EXPECT_FALSE(touch(object.box, text.box)) << scene.seed << " " << text.text;
    }
    for (std::size_t i = 0; i < scene.texts.size(); ++i) {
      EXPECT_TRUE(inside(scene.texts[i].box, scene)) << scene.seed << " " << scene.texts[i].text;
      for (std::size_t j = 0; j < i; ++j)
        EXPECT_FALSE(touch(scene.texts[i].box, scene.texts[j].box))
            << scene.seed << ": " << scene.texts[i].text << " and " << scene.texts[j].text;
    }
  }
}

TEST_F(Scenes, TintsAreSeenAndNamesAreNotTinted) {
  int tints = 0;
  for (const auto& [scene, jpeg] : world_->scenes) {
    for (const Object& object : scene.objects) {
      if (!object.tint) continue;
      ++tints;
      EXPECT_TRUE(std::ranges::count(object.colours, *object.tint)) << scene.seed;
      EXPECT_TRUE(object.name.empty()) << object.name;
    }
  }
  EXPECT_GE(tints, 5);
}

// The truth is about pixels: what the JPEG shows under the value of a bar is the bar's colour, and
// its height is the value's.
TEST_F(Scenes, BarsOfChartsAreAsLongAndAsColouredAsTheySay) {
  int charts = 0;
  for (const auto& [scene, jpeg] : world_->scenes) {
    if (!scene.chart) continue;
    for (const std::string& label : scene.chart->labels)
      EXPECT_TRUE(
          label.empty() ||
          std::ranges::any_of(scene.texts, [&](const Text& text) { return text.text == label; }))
          << label << " is not drawn";
    if (scene.spoiling.vignette > 0 || scene.spoiling.noise_sigma > 0) continue;
    std::vector<Box> values;
    for (const Text& text : scene.texts) {
      if (text.role == TextRole::kValue) values.push_back(text.box);
    }
    if (values.size() != scene.chart->values.size()) continue;
    ++charts;
    const Raster picture = decoded(jpeg).value();
    const int most = *std::ranges::max_element(scene.chart->values);
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (scene.chart->values[i] * 4 < most) continue;  // too short a bar to look into
      const Box& box = values[i];
      ColourCount count;
      for (int x = -2; x <= 2; ++x)
        count.add(
            picture.at(static_cast<int>(box.x + box.width / 2) + x,
                       std::min(picture.height - 1, static_cast<int>(box.y + box.height) + 9)));
      EXPECT_EQ(count.largest(), scene.chart->bar_colour) << scene.seed;
    }
    for (std::size_t i = 0; i < values.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        const int by = scene.chart->values[i] - scene.chart->values[j];
        const float lower = values[j].y - values[i].y;
        EXPECT_TRUE(std::abs(lower) <= 2 || (lower > 0) == (by > 0)) << scene.seed;
      }
    }
  }
  EXPECT_GE(charts, 2);
}

TEST_F(Scenes, LayoutsAndCountsVary) {
  std::set<Layout> layouts;
  std::set<std::string> parts, backgrounds, fonts;
  std::size_t dense = 0, relations = 0, on = 0;
  for (const auto& [scene, jpeg] : world_->scenes) {
    layouts.insert(scene.layout);
    backgrounds.insert(scene.background.kind);
    dense += scene.layout >= Layout::kTable;
    relations += scene.relations.size();
    for (const Relating& one : scene.relations) on += one.relation == Relation::kOn;
    for (const Object& object : scene.objects) parts.insert(object.part);
    for (const Text& text : scene.texts) fonts.insert(text.font);
  }
  EXPECT_EQ(layouts.size(), 6u);
  EXPECT_EQ(backgrounds.size(), 4u);
  EXPECT_GE(parts.size(), 150u);
  EXPECT_GE(fonts.size(), 12u);
  EXPECT_NEAR(static_cast<double>(dense) / kScenes, 0.33, 0.12);
  EXPECT_GT(relations, 2 * kScenes);
  EXPECT_GE(on, 2u);
}

TEST_F(Scenes, ASketchIsAboutTheSameThings) {
  const Scene sketch = world_->composer.sketch(7, Split::kTest);
  EXPECT_EQ(sketch.split, Split::kTest);
  EXPECT_EQ(sketch.seed, 7u);
  EXPECT_TRUE(sketch.background.colour.empty());
}

}  // namespace
}  // namespace kale::world
