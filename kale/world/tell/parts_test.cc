// Entities, alt-texts and questions.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "kale/core/ascii.h"
#include "kale/text/words.h"
#include "kale/world/scene/kinds.h"
#include "kale/world/scene/truth.h"
#include "kale/world/tell/knowledge.h"
#include "kale/world/tell/nouns.h"
#include "kale/world/tell/probes.h"
#include "kale/world/tell/questions.h"
#include "kale/world/tell/told_fake.h"

namespace kale::world {
namespace {

TEST(Entities, SplitsShareNoNames) {
  const Entities& entities = teller().entities();
  std::map<std::string, std::set<int>> splits;
  for (Split split : {Split::kTrain, Split::kValidation, Split::kTest}) {
    const Nation& nation = entities.nation(split);
    auto seen = [&](const std::string& name) {
      splits[lower_ascii(name)].insert(static_cast<int>(split));
    };
    for (const auto& country : nation.countries) seen(country);
    for (const auto& place : nation.places) seen(place.name);
    for (const auto* makers : {&nation.artists, &nation.photographers}) {
      for (const Maker& maker : *makers) {
        for (std::string_view part : words(maker.name)) seen(std::string(part));
      }
    }
    for (const auto* makers : {&nation.brands, &nation.publishers}) {
      for (const Maker& maker : *makers) seen(maker.name);
    }
    for (const auto& event : nation.events) seen(event.name);
    for (const auto* names : {&nation.series, &nation.sites, &nation.title_ends}) {
      for (const std::string& name : *names) seen(name);
    }
  }
  EXPECT_GT(splits.size(), 800U);
  for (const auto& [name, where] : splits) EXPECT_EQ(where.size(), 1U) << name;
}

TEST(Entities, ScenesOfDifferentSplitsShareNoKnowledge) {
  std::map<std::string, std::set<Split>> splits;
  for (const Scene& scene : scenes()) {
    const Knowledge& known = scene.knowledge;
    for (const std::string& name :
         {known.entity, known.title, known.maker, known.place, known.country, known.event}) {
      if (!name.empty()) splits[name].insert(scene.split);
    }
  }
  for (const auto& [name, where] : splits) EXPECT_EQ(where.size(), 1U) << name;
}

TEST(Entities, AHistoryIsConsistent) {
  std::map<std::string, std::string> country_of, place_of;
  for (const Scene& scene : scenes()) {
    const Knowledge& known = scene.knowledge;
    auto same = [](std::map<std::string, std::string>& table, const std::string& key,
                   const std::string& value) {
      auto [found, added] = table.emplace(key, value);
      EXPECT_EQ(found->second, value) << key;
    };
    same(country_of, known.place, known.country);
    same(place_of, known.entity, known.place);
  }
}

TEST(AltText, NamesAreExactAndFormsHaveTheirShares) {
  std::map<AltForm, int> forms;
  for (const Scene& scene : scenes()) {
    const AltText& alt = scene.alt_text;
    ++forms[alt.form];
    std::vector<std::string> truth = all_names(scene).all();
    for (const std::string& name : alt.true_names) {
      EXPECT_NE(alt.text.find(name), std::string::npos);
      EXPECT_TRUE(std::ranges::any_of(truth, [&](const std::string& own) {
        return lower_ascii(own) == lower_ascii(name);
      })) << name;
    }
    for (const std::string& name : alt.false_names) {
      EXPECT_NE(alt.text.find(name), std::string::npos);
      EXPECT_EQ(std::ranges::find(truth, name), truth.end()) << name;
    }
    if (alt.form == AltForm::kNamed || alt.form == AltForm::kProduct) {
      EXPECT_TRUE(alt.false_names.empty()) << alt.text;
      EXPECT_FALSE(alt.true_names.empty()) << alt.text;
    }
    if (alt.form == AltForm::kFileName) {
      EXPECT_TRUE(alt.true_names.empty()) << alt.text;
    }
    if (alt.form == AltForm::kEmpty) {
      EXPECT_EQ(alt.text, "");
    }
    if (alt.form != AltForm::kEmpty) {
      EXPECT_NE(alt.text, "");
    }
    if (alt.form == AltForm::kHalfWrong) {
      EXPECT_LE(alt.false_names.size(), 1U);
    }
    if (alt.form == AltForm::kWrongPicture) {
      EXPECT_FALSE(alt.false_names.empty()) << alt.text;
    }
  }
  auto near = [&](AltForm form, double share) {
    EXPECT_NEAR(forms[form], share * kScenes, 0.03 * kScenes) << alt_form_name(form);
  };
  near(AltForm::kNamed, 0.33);
  near(AltForm::kProduct, 0.13);
  near(AltForm::kFileName, 0.10);
  near(AltForm::kBoilerplate, 0.12);
  near(AltForm::kHalfWrong, 0.10);
  near(AltForm::kWrongPicture, 0.08);
  near(AltForm::kForeign, 0.06);
  near(AltForm::kEmpty, 0.05);
  near(AltForm::kInstruction, 0.03);
}

TEST(Questions, ProbesAreBalancedAndTrue) {
  std::map<std::string, int> yes, no;
  for (const Scene& scene : scenes()) {
    for (const Question& question : scene.questions) {
      if (question.kind != QuestionKind::kProbe) continue;
      ASSERT_EQ(question.answers.size(), 1U);
      bool said_yes = question.answers[0] == "yes";
      ++(said_yes ? yes : no)[question.sampling];
      bool there = std::ranges::any_of(scene.objects, [&](const Object& object) {
        return holds_name(question.question, object.kind) ||
               holds_name(question.question, find_kind(object.kind)->plural);
      });
      // "Is there a cat ..." asks for no catfish: the kind stands before "in the image".
      EXPECT_EQ(there, said_yes) << question.question;
    }
  }
  EXPECT_EQ(yes, no);
  EXPECT_EQ(yes.size(), 3U);
}

TEST(Questions, PopularKindsAreTheCommonestAndAdversarialOnesOfACategoryThatIsThere) {
  Scene scene = fake_scene(5, Layout::kObjects);
  scene.background = {.kind = "plain", .colour = "white"};
  Object bird{.part = "a", .kind = "bird", .category = "animal", .colours = {"red"}};
  scene.objects = {bird};
  Rng rng(1);
  for (int draw = 0; draw < 40; ++draw) {
    const Kind* popular = AbsentKinds(scene).draw(Sampling::kPopular, rng);
    auto rank = std::ranges::find(kinds_by_frequency(), popular) - kinds_by_frequency().begin();
    EXPECT_LT(rank, 20);
    const Kind* near = AbsentKinds(scene).draw(Sampling::kAdversarial, rng);
    EXPECT_EQ(near->category, "animal");
    EXPECT_NE(near->noun, "bird");
    EXPECT_NE(near->noun, "penguin") << "a penguin is a bird, and the bird may be one";
  }
}

TEST(Questions, HaveTheShapesOfTheirBenchmarks) {
  std::map<QuestionKind, int> kinds_asked;
  for (const Scene& scene : scenes()) {
    for (const Question& question : scene.questions) {
      ++kinds_asked[question.kind];
      bool ten = question.kind == QuestionKind::kOpen || question.kind == QuestionKind::kReading;
      EXPECT_EQ(question.answers.size(), ten ? 10U : 1U);
      EXPECT_TRUE(question.question.ends_with('?')) << question.question;
      if (question.kind == QuestionKind::kChoice) {
        ASSERT_EQ(question.choices.size(), 4U);
        std::set<std::string> different(question.choices.begin(), question.choices.end());
        EXPECT_EQ(different.size(), 4U);
        EXPECT_TRUE(question.answers[0] >= "A" && question.answers[0] <= "D");
      }
    }
  }
  EXPECT_EQ(kinds_asked.size(), 6U);
}

}  // namespace
}  // namespace kale::world
