// The reader of captions and the judge: any bytes, held against scenes whose truth is known, end in
// claims that lie in the caption and in facts and names that the scene has, each time the same.
//
// Byte 0 chooses the scene: things, a chart, or a table of texts.
#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "kale/core/check.h"
#include "kale/evaluate/judge/judge.h"
#include "kale/text/utf8.h"

namespace {

using namespace kale;
using evaluate::Judgement;
using world::Relation;
using world::Scene;

Scene things() {
  Scene scene;
  scene.width = scene.height = 224;
  auto add = [&](std::string kind, std::string name, std::vector<std::string> colours,
                 world::Box box) {
    world::Object object;
    object.kind = std::move(kind);
    object.name = std::move(name);
    object.colours = std::move(colours);
    object.box = box;
    scene.objects.push_back(std::move(object));
  };
  add("penguin", "Magellanic penguin", {"black", "white"}, {5, 100, 40, 60});
  add("penguin", "", {"blue", "white"}, {50, 100, 40, 60});
  add("car", "", {"red", "grey"}, {130, 90, 60, 40});
  for (const int penguin : {0, 1}) {
    scene.relations.push_back({penguin, Relation::kLeftOf, 2});
    scene.relations.push_back({2, Relation::kRightOf, penguin});
  }
  scene.texts.push_back({"GRAND OPENING", world::TextRole::kSign, "", "red", {}});
  scene.background = {"plain", "", "yellow"};
  scene.knowledge.maker = "Ida Holm";
  scene.knowledge.date = "1938";
  scene.alt_text.text = "Magellanic penguins by Ida Holm, Bergen, 1938";
  scene.alt_text.true_names = {"Magellanic", "Ida Holm", "1938"};
  scene.alt_text.false_names = {"Bergen"};
  return scene;
}

Scene chart() {
  Scene scene;
  scene.layout = world::Layout::kChart;
  scene.chart =
      world::Chart{"Rain in Caf\u00e9 Vesk", "mm", "blue", {"May", "June", ""}, {3, -4, 50}};
  for (const char* text : {"Rain in Caf\u00e9 Vesk", "May", "June", "3", "50"})
    scene.texts.push_back({text, world::TextRole::kAxis, "", "black", {}});
  scene.background = {"plain", "", "white"};
  return scene;
}

Scene table() {
  Scene scene;
  scene.layout = world::Layout::kTable;
  for (int cell = 0; cell < 4; ++cell)
    scene.texts.push_back(
        {std::array{"Tea", "$4.50", "Fried rice", "$35.25"}[static_cast<std::size_t>(cell)],
         world::TextRole::kCell,
         "",
         "black",
         {},
         cell / 2,
         cell % 2});
  scene.background = {"paper", "", "brown"};
  return scene;
}

using Key = std::vector<std::string>;

// All that a judgement says, to compare.
Key key_of(const Judgement& judged) {
  Key key = judged.names_kept;
  for (const auto* names : {&judged.names_lost, &judged.false_names})
    key.insert(key.end(), names->begin(), names->end());
  for (const evaluate::JudgedClaim& claim : judged.claims) {
    key.push_back(claim.said + claim.why + std::string(evaluate::verdict_name(claim.verdict)));
    key.push_back(std::to_string(claim.span.begin) + " " + std::to_string(claim.span.end));
  }
  for (const evaluate::Fact& fact : judged.facts)
    key.push_back(fact.what + (fact.told ? "+" : "-"));
  return key;
}

bool begins_code_point(std::string_view text, std::size_t at) {
  return at == text.size() || (static_cast<unsigned char>(text[at]) & 0xc0U) != 0x80;
}

void run(const Scene& scene, std::string_view caption) {
  const Judgement judged = evaluate::judge(scene, caption);
  const bool valid = is_valid_utf8(caption);
  std::size_t begin = 0;
  for (const evaluate::JudgedClaim& claim : judged.claims) {
    const evaluate::Span span = claim.span;
    KALE_CHECK(begin <= span.begin && span.begin <= span.end && span.end <= caption.size(),
               "claims lie in the caption, in its order");
    KALE_CHECK(
        !valid || (begins_code_point(caption, span.begin) && begins_code_point(caption, span.end)),
        "a claim cuts no letter");
    KALE_CHECK(!valid || (is_valid_utf8(claim.said) && is_valid_utf8(claim.why)),
               "what is said of a claim is text");
    KALE_CHECK(!evaluate::is_error(claim.verdict) || !claim.said.empty(), "an error is told");
    begin = span.begin;
  }
  for (std::size_t k = 0; k < evaluate::kClaimKinds; ++k) {
    const auto kind = static_cast<evaluate::ClaimKind>(k);
    KALE_CHECK(judged.errors(kind) >= 0 && judged.count(kind) >= 0, "counts");
  }
  std::vector<std::string> names = judged.names_kept;
  names.insert(names.end(), judged.names_lost.begin(), judged.names_lost.end());
  KALE_CHECK(std::is_permutation(names.begin(), names.end(), scene.alt_text.true_names.begin(),
                                 scene.alt_text.true_names.end()),
             "each true name is kept or lost");
  KALE_CHECK(judged.facts.size() == evaluate::judge(scene, "").facts.size(),
             "the facts are the scene's, whatever is said");
  KALE_CHECK(key_of(judged) == key_of(evaluate::judge(scene, caption)), "each time the same");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::array<Scene, 3> scenes = {things(), chart(), table()};
  if (size == 0) return 0;
  run(scenes[data[0] % scenes.size()], {reinterpret_cast<const char*>(data) + 1, size - 1});
  return 0;
}
