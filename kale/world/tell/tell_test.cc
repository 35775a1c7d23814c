#include "kale/world/tell/tell.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "kale/core/ascii.h"
#include "kale/text/utf8.h"
#include "kale/text/words.h"
#include "kale/world/scene/colours.h"
#include "kale/world/scene/kinds.h"
#include "kale/world/scene/truth.h"
#include "kale/world/tell/knowledge.h"
#include "kale/world/tell/nouns.h"
#include "kale/world/tell/picture_words.h"
#include "kale/world/tell/prose.h"
#include "kale/world/tell/told_fake.h"

namespace kale::world {
namespace {

std::vector<std::string> captions_of(const Scene& scene) {
  return {scene.captions.brief, scene.captions.dense, scene.captions.fused_brief,
          scene.captions.fused_dense};
}

// "a black cat" is what anyone would say of it, whether or not it is a name.
bool can_be_seen(const std::string& name) {
  return find_kind(lower_ascii(name)) != nullptr ||
         std::ranges::any_of(kColours,
                             [&](std::string_view colour) { return holds_name(name, colour); });
}

// A caption without what is quoted.
std::string unquoted(const std::string& caption) {
  std::string out;
  bool quoted = false;
  for (char letter : caption) {
    if (letter == '"') quoted = !quoted;
    if (!quoted) out += letter;
  }
  return out;
}

TEST(Tell, CaptionsKeepTheirWordLimits) {
  for (const Scene& scene : scenes()) {
    SCOPED_TRACE(scene.seed);
    EXPECT_TRUE(within(scene.captions.brief, kBriefWords)) << scene.captions.brief;
    EXPECT_TRUE(within(scene.captions.dense, kDenseWords)) << scene.captions.dense;
    EXPECT_TRUE(within(scene.captions.fused_brief, kFusedBriefWords)) << scene.captions.fused_brief;
    EXPECT_TRUE(within(scene.captions.fused_dense, kFusedDenseWords)) << scene.captions.fused_dense;
  }
}

TEST(Tell, PlainCaptionsHoldNoNames) {
  for (const Scene& scene : scenes()) {
    for (const std::string& name : all_names(scene).all()) {
      if (can_be_seen(name)) continue;
      EXPECT_FALSE(holds_name(unquoted(scene.captions.brief), name)) << scene.captions.brief;
      EXPECT_FALSE(holds_name(unquoted(scene.captions.dense), name)) << scene.captions.dense;
    }
  }
}

TEST(Tell, FusedDenseSaysNearlyAllTrueNamesOfTheAltTextAndNoOther) {
  std::size_t there = 0, kept = 0;
  for (const Scene& scene : scenes()) {
    for (const std::string& name : scene.alt_text.true_names) {
      ++there;
      std::string small = lower_ascii(name);
      if (lower_ascii(scene.captions.fused_dense).find(small) != std::string::npos) ++kept;
    }
    Names in = names_in(scene.alt_text.text, scene);
    std::vector<std::string> allowed = in.all();
    for (const std::string& name : all_names(scene).all()) {
      bool part = std::ranges::any_of(
          allowed, [&](const std::string& other) { return holds_name(other, name); });
      if (part || can_be_seen(name)) continue;
      EXPECT_FALSE(holds_name(unquoted(scene.captions.fused_dense), name))
          << name << ": " << scene.alt_text.text << "\n"
          << scene.captions.fused_dense;
    }
    for (const std::string& name : scene.alt_text.false_names) {
      for (const std::string& caption : captions_of(scene)) {
        EXPECT_FALSE(holds_name(unquoted(caption), name)) << name << ": " << caption;
      }
    }
  }
  EXPECT_GT(there, 1000U);
  EXPECT_GT(static_cast<double>(kept), 0.99 * static_cast<double>(there))
      << kept << " of " << there;
}

// Freed memory once stood in instructions.
TEST(Tell, AltTextsAreText) {
  for (const Scene& scene : scenes()) {
    EXPECT_TRUE(is_valid_utf8(scene.alt_text.text)) << scene.alt_text.text;
    EXPECT_FALSE(has_control_chars(scene.alt_text.text)) << scene.alt_text.text;
  }
}

TEST(Tell, QuotationsStandInThePictureAsTheyAreQuoted) {
  for (const Scene& scene : scenes()) {
    std::set<std::string> drawn;
    for (const Text& text : scene.texts) drawn.insert(text.text);
    if (scene.chart) drawn.insert(scene.chart->title);
    for (const std::string& caption : captions_of(scene)) {
      for (std::size_t open = caption.find('"'); open != std::string::npos;) {
        std::size_t close = caption.find('"', open + 1);
        ASSERT_NE(close, std::string::npos) << caption;
        EXPECT_TRUE(drawn.contains(caption.substr(open + 1, close - open - 1))) << caption;
        open = caption.find('"', close + 1);
      }
    }
  }
}

// Of a chart without its values, nobody can tell them.
TEST(Tell, NumbersOfAChartStandInThePicture) {
  int left_out = 0, sums = 0;
  for (const Scene& scene : scenes()) {
    if (!scene.chart) continue;
    std::set<std::string> written;
    for (const Text& text : scene.texts)
      if (text.role == TextRole::kValue) written.insert(text.text);
    bool all = true;
    for (const int value : scene.chart->values)
      all = all && written.contains(std::to_string(value));
    left_out += all ? 0 : 1;
    for (const Question& question : scene.questions) {
      if (question.kind != QuestionKind::kChartNumber) continue;
      const bool of_one = question.question.find("value of") != std::string::npos ||
                          question.question.find("How high") != std::string::npos;
      EXPECT_TRUE(!of_one || written.contains(question.answers[0])) << question.question;
      const bool sum = question.question.find("sum") != std::string::npos;
      sums += sum ? 1 : 0;
      EXPECT_FALSE(sum && !all) << question.question;
    }
    for (const std::string& caption : {scene.captions.brief, scene.captions.dense}) {
      const std::string plain = unquoted(caption);
      for (const std::string_view word : words(plain))
        EXPECT_TRUE(word[0] < '0' || word[0] > '9' || written.contains(std::string(word)))
            << word << ": " << caption;
    }
  }
  EXPECT_GT(left_out, 0);
  EXPECT_GT(sums, 0);
}

// Colours, other than in names, are those of things, letters, bars or the background.
TEST(Tell, ColoursAreInThePicture) {
  for (const Scene& scene : scenes()) {
    std::set<std::string> there{scene.background.colour};
    for (const Object& object : scene.objects) {
      there.insert(object.colours.begin(), object.colours.end());
      std::string own = object.name + " " + object.kind;
      for (std::string_view word : words(own)) there.emplace(word);
      if (object.tint) there.insert(*object.tint);
    }
    for (const Text& text : scene.texts) there.insert(text.colour);
    if (scene.chart) there.insert(scene.chart->bar_colour);
    for (const std::string& caption : captions_of(scene)) {
      std::string plain = unquoted(caption);
      for (std::string_view word : words(plain)) {
        bool colour = std::ranges::find(kColours, word) != kColours.end();
        if (colour) {
          EXPECT_TRUE(there.contains(std::string(word))) << caption;
        }
      }
    }
  }
}

// Every kind that a caption names is there; a kind's other words and broader words are allowed.
TEST(Tell, KindsAreInThePicture) {
  for (const Scene& scene : scenes()) {
    for (const std::string& caption : captions_of(scene)) {
      std::string plain = lower_ascii(unquoted(caption));
      for (const Kind& kind : kinds()) {
        if (kind.noun == "orange") continue;  // a colour, too
        bool named = holds_name(plain, kind.noun) || holds_name(plain, kind.plural);
        if (!named) continue;
        bool there = std::ranges::any_of(scene.objects, [&](const Object& object) {
          const Kind* its = find_kind(object.kind);
          std::string own = lower_ascii(object.name) + " / " + its->noun + " / " + its->plural;
          for (const std::string& word : its->hypernyms) own += " / " + word;
          return holds_name(own, kind.noun) || holds_name(own, kind.plural);
        });
        EXPECT_TRUE(there) << kind.noun << ": " << caption;
      }
    }
  }
}

TEST(Tell, SaysTheSameForTheSameSeedsAndOtherwiseForAnotherWorld) {
  Scene again = told(17);
  EXPECT_EQ(truth_json(again), truth_json(told(17)));
  Scene other = fake_scene(17);
  Teller(8).tell(other, fake_scene(17 + kStrangers));
  EXPECT_NE(truth_json(again), truth_json(other));
  EXPECT_NE(again.knowledge.maker + again.knowledge.place,
            other.knowledge.maker + other.knowledge.place);
}

TEST(Tell, ManyWordings) {
  std::set<std::string> dense;
  for (const Scene& scene : scenes()) dense.insert(scene.captions.dense);
  EXPECT_GT(dense.size(), kScenes * 99 / 100);
}

// The grammar's own words must name no thing that could be in a picture.
TEST(Tell, TheGrammarsOwnWordsNameNoKind) {
  // What is written on, and words that are kinds in other senses.
  static const std::set<std::string> kAllowed{"sign", "paper", "things"};
  std::set<std::string> nouns;
  for (const Kind& kind : kinds()) {
    nouns.insert({kind.noun, kind.plural});
    nouns.insert(kind.synonyms.begin(), kind.synonyms.end());
    nouns.insert(kind.hypernyms.begin(), kind.hypernyms.end());
  }
  for (const std::string& own : dense_grammar().own_words()) {
    for (std::string_view word : words(own)) {
      std::string small = lower_ascii(word);
      if (!kAllowed.contains(small)) {
        EXPECT_FALSE(nouns.contains(small)) << own;
      }
    }
  }
}

TEST(Relations, AreSaidOnlyWhereTheTruthListsThem) {
  Scene scene = fake_scene(3, Layout::kObjects);
  scene.objects.clear();
  Object bird{.part = "a", .kind = "bird", .category = "animal", .colours = {"red"}};
  Object car{.part = "b", .kind = "car", .category = "vehicle", .colours = {"blue"}};
  bird.box = {10, 80, 30, 30};
  car.box = {150, 80, 40, 40};
  scene.objects = {bird, car};
  scene.relations = {{0, Relation::kLeftOf, 1}, {1, Relation::kRightOf, 0}};
  bool left = false;
  for (std::uint64_t seed = 1; seed < 200; ++seed) {
    scene.seed = seed;
    teller().tell(scene, fake_scene(seed + kStrangers));
    const std::string& text = scene.captions.dense;
    for (std::string wrong : {"bird is above", "bird is below", "bird is to the right of",
                              "car is to the left of", "bird is right of", "car is left of"}) {
      EXPECT_EQ(lower_ascii(text).find(wrong), std::string::npos) << text;
    }
    left = left || lower_ascii(text).find("bird is to the left of the car") != std::string::npos;
  }
  EXPECT_TRUE(left);
}

}  // namespace
}  // namespace kale::world
