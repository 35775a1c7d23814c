#include "kale/world/tell/alt_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "kale/core/check.h"
#include "kale/text/lists.h"
#include "kale/world/scene/colours.h"
#include "kale/world/scene/table.h"
#include "kale/world/tell/alt_slots.h"
#include "kale/world/tell/knowledge.h"
#include "kale/world/tell/look.h"
#include "kale/world/tell/nouns.h"
#include "kale/world/tell/phrases.h"
#include "kale/world/tell/picture_words.h"
#include "kale/world/tell/texts.h"

namespace kale::world {
namespace {

constexpr int kTries = 30;
constexpr int kWrongCountMax = 6;

struct Share {
  AltForm form;
  std::uint64_t of_100;
};
constexpr std::array<Share, 9> kShares{{{AltForm::kNamed, 33},
                                        {AltForm::kProduct, 13},
                                        {AltForm::kFileName, 10},
                                        {AltForm::kBoilerplate, 12},
                                        {AltForm::kHalfWrong, 10},
                                        {AltForm::kWrongPicture, 8},
                                        {AltForm::kForeign, 6},
                                        {AltForm::kEmpty, 5},
                                        {AltForm::kInstruction, 3}}};

const Grammar& grammar() {
  static const Grammar made(world_tell_texts::alt_text);
  return made;
}

using Translations = std::map<std::string, std::array<std::string, 3>, std::less<>>;

const Translations& translations() {
  static const Translations table = [] {
    Translations made;
    for (const std::string& line : list_lines(world_tell_texts::foreign_nouns)) {
      std::vector<std::string_view> fields = split_at(line, '\t');
      KALE_CHECK(fields.size() == 4, "foreign_nouns.tsv: a line without four fields: " + line);
      made[std::string(fields[0])] = {std::string(fields[1]), std::string(fields[2]),
                                      std::string(fields[3])};
    }
    return made;
  }();
  return table;
}

// Fills true_names and false_names from what the text holds. `suspects` may be false.
AltText labelled(std::string text, AltForm form, const Scene& scene,
                 const std::vector<std::string>& suspects) {
  AltText alt{.text = std::move(text), .form = form};
  std::vector<std::string> truth = all_names(scene).all();
  for (const std::string& name : truth) {
    if (std::string held = name_as_in(alt.text, name); !held.empty()) {
      alt.true_names.push_back(std::move(held));
    }
  }
  for (const std::string& name : suspects) {
    std::string held = name_as_in(alt.text, name);
    bool known = std::ranges::find(truth, name) != truth.end() ||
                 std::ranges::find(alt.false_names, held) != alt.false_names.end();
    if (!known && !held.empty()) alt.false_names.push_back(std::move(held));
  }
  return alt;
}

class AltWriter {
 public:
  AltWriter(const Scene& scene, const Scene& stranger, const Entities& entities, Rng& rng)
      : scene_(scene), stranger_(stranger), entities_(entities), rng_(rng) {
    // The stranger's history is told as one of this split, and is never this scene's own.
    stranger_.split = scene.split;
    std::uint64_t salt = 0;
    do {
      stranger_.knowledge = entities.know(stranger_, salt++);
    } while (stranger_.knowledge.entity == scene.knowledge.entity ||
             stranger_.knowledge.place == scene.knowledge.place);
  }

  AltText write(AltForm form) {
    switch (form) {
      case AltForm::kNamed:
        return {plain("named", form)};
      case AltForm::kProduct:
        return {plain("product", form)};
      case AltForm::kFileName:
        return {.text = say("file_name", slots(scene_)), .form = form};
      case AltForm::kBoilerplate:
        return boilerplate();
      case AltForm::kHalfWrong:
        return half_wrong();
      case AltForm::kWrongPicture:
        return wrong_picture();
      case AltForm::kForeign:
        return foreign();
      case AltForm::kEmpty:
        return {.form = form};
      case AltForm::kInstruction:
        return instruction();
    }
    return {};
  }

 private:
  Slots slots(const Scene& of) { return alt_slots(of, rng_); }
  std::string say(std::string_view rule, const Slots& values) {
    return grammar().say(rule, values, rng_).text;
  }

  // A text that begins small was written so in the template.
  AltText plain(std::string_view rule, AltForm form) {
    return labelled(capital_sometimes(say(rule, slots(scene_))), form, scene_, {});
  }

  std::string capital_sometimes(std::string text) {
    return rng_.below(3) == 0 ? text : capital(text);
  }

  AltText boilerplate() {
    const std::vector<std::string>& sites = entities_.nation(scene_.split).sites;
    Slots values = slots(scene_);
    values.set("site", sites[rng_.below(sites.size())]);
    return labelled(say("boilerplate", values), AltForm::kBoilerplate, scene_, sites);
  }

  AltText wrong_picture() {
    std::string rule = rng_.below(3) == 0 ? "product" : "named";
    std::string text = capital_sometimes(say(rule, slots(stranger_)));
    return labelled(std::move(text), AltForm::kWrongPicture, scene_, all_names(stranger_).all());
  }

  // A true text in which one thing is not.
  AltText half_wrong() {
    static constexpr std::array<std::string_view, 4> kNames{"maker", "place", "country", "date"};
    for (int attempt = 0; attempt < kTries; ++attempt) {
      Slots values = slots(scene_);
      auto drawn = rng_.below(8);
      if (drawn == 0 && wrong_count(values)) {
        return labelled(capital_sometimes(say("wrong_count", values)), AltForm::kHalfWrong, scene_,
                        {});
      }
      if (drawn == 1 && wrong_colour(values)) {
        return labelled(capital_sometimes(say("wrong_colour", values)), AltForm::kHalfWrong, scene_,
                        {});
      }
      std::string_view field = kNames[drawn % kNames.size()];
      std::string wrong = wrong_name(field);
      if (wrong.empty()) continue;
      values.set(field, wrong);
      if (field == "date") {
        bool day = wrong.find(' ') != wrong.rfind(' ');
        values.set("at_date", (day ? "on " : "in ") + wrong);
      }
      std::string text = say(rng_.below(4) == 0 ? "product" : "named", values);
      AltText alt =
          labelled(capital_sometimes(std::move(text)), AltForm::kHalfWrong, scene_, {wrong});
      if (alt.false_names.size() == 1 && !alt.true_names.empty()) return alt;
    }
    return plain("named", AltForm::kNamed);
  }

  bool wrong_count(Slots& values) {
    Look look(scene_);
    if (look.groups.empty() || values.find("kinds") == nullptr) return false;
    const Slots::Value* kind = values.find("kind");
    if (kind->text != look.groups[0].kind) return false;
    auto count = static_cast<int>(look.groups[0].members.size());
    int wrong = 2 + static_cast<int>(rng_.below(kWrongCountMax - 1));
    if (wrong == count) wrong = wrong == 2 ? 3 : wrong - 1;
    values.set("count", number_word(wrong));
    values.set("Count", capital(number_word(wrong)));
    return true;
  }

  bool wrong_colour(Slots& values) {
    Look look(scene_);
    const Slots::Value* kind = values.find("kind");
    if (look.groups.empty() || kind->text != look.groups[0].kind) return false;
    std::string wrong(kColours[rng_.below(kColours.size())]);
    for (int member : look.groups[0].members) {
      const Object& object = scene_.objects[member];
      if (std::ranges::find(object.colours, wrong) != object.colours.end()) return false;
      if (object.tint == wrong) return false;
    }
    values.set("colour", wrong);
    values.set("Colour", capital(wrong));
    values.set("a_colour", tidy_words("a " + wrong));
    return true;
  }

  // Another's; empty where the scene has no such field or the other's would be true here.
  std::string wrong_name(std::string_view field) {
    const Knowledge& own = scene_.knowledge;
    const Knowledge& other = stranger_.knowledge;
    auto unlike = [](const std::string& mine, const std::string& theirs) {
      bool apart = !mine.empty() && !holds_name(mine, theirs) && !holds_name(theirs, mine);
      return apart ? theirs : std::string();
    };
    if (field == "maker") return unlike(own.maker, other.maker);
    if (field == "place") return unlike(own.place, other.place);
    if (field == "country") return unlike(own.country, other.country);
    return unlike(own.date, other.date);
  }

  AltText foreign() {
    static constexpr std::array<std::string_view, 3> kLanguages{"de", "es", "fr"};
    std::size_t language = rng_.below(kLanguages.size());
    Slots values = slots(scene_);
    Look look(scene_);
    const Slots::Value* kind = values.find("kind");
    bool things = !look.groups.empty() && kind->text == look.groups[0].kind;
    if (things && look.groups[0].members.size() == 1) {
      if (auto found = translations().find(kind->text); found != translations().end()) {
        const std::string& noun = found->second[language];
        std::string slot = "a_" + std::string(kLanguages[language]);
        values.set(slot, capital(noun));
        values.set(slot + "_small", noun);
      }
    }
    std::string rule = "foreign_" + std::string(kLanguages[language]);
    if (!grammar().can_say(rule, values)) return plain("named", AltForm::kNamed);
    return labelled(say(rule, values), AltForm::kForeign, scene_, {});
  }

  AltText instruction() {
    Slots values = slots(scene_);
    const Knowledge& other = stranger_.knowledge;
    const Nation& home = entities_.nation(scene_.split);
    std::string maker = home.artists[rng_.below(home.artists.size())].name;
    values.set("false_maker", maker);
    values.set("false_place", other.place);
    values.set("false_country", other.country);
    const Slots strange = slots(stranger_);
    if (const Slots::Value* thing = strange.find("a_thing")) values.set("a_false", thing->text);
    std::vector<std::string> suspects = all_names(stranger_).all();
    suspects.push_back(maker);
    return labelled(say("instruction", values), AltForm::kInstruction, scene_, suspects);
  }

  const Scene& scene_;
  Scene stranger_;
  const Entities& entities_;
  Rng& rng_;
};

}  // namespace

AltText write_alt_text(const Scene& scene, const Scene& stranger, const Entities& entities,
                       AltForm form, Rng& rng) {
  return AltWriter(scene, stranger, entities, rng).write(form);
}

AltText write_alt_text(const Scene& scene, const Scene& stranger, const Entities& entities,
                       Rng& rng) {
  std::uint64_t drawn = rng.below(100);
  for (const Share& share : kShares) {
    if (drawn < share.of_100) return write_alt_text(scene, stranger, entities, share.form, rng);
    drawn -= share.of_100;
  }
  return {};
}

}  // namespace kale::world
