#include "kale/world/tell/alt_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "kale/core/check.h"
#include "kale/text/lists.h"
#include "kale/world/scene/colours.h"
#include "kale/world/scene/table.h"
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

std::string title_case(std::string_view text) {
  std::string out(text);
  for (std::size_t at = 0; at < out.size(); ++at) {
    bool first = at == 0 || out[at - 1] == ' ' || out[at - 1] == '-';
    if (first && out[at] >= 'a' && out[at] <= 'z') out[at] = static_cast<char>(out[at] - 32);
  }
  replace_all(out, " Of ", " of ");
  return out;
}

std::string digits(int count, Rng& rng) {
  std::string out;
  for (int at = 0; at < count; ++at) out += static_cast<char>('0' + rng.below(10));
  return out;
}

// What a picture of writing is called.
std::string writing_noun(const Scene& scene) {
  switch (scene.layout) {
    case Layout::kSign:
      return "sign";
    case Layout::kPrice:
      return "price tag";
    case Layout::kTable:
      return "table";
    case Layout::kChart:
      return "bar chart";
    case Layout::kPage:
      return "page";
    case Layout::kObjects:
      break;
  }
  return "picture";
}

std::string without_article(std::string phrase) {
  for (std::string_view article : {"a ", "an ", "the ", "some "}) {
    if (phrase.starts_with(article)) return phrase.substr(article.size());
  }
  return phrase;
}

// Sets all that alt_text.txt may say of a scene; with everything true.
class AltSlots {
 public:
  AltSlots(const Scene& scene, Rng& rng) : scene_(scene), look_(scene), rng_(rng) {}

  Slots make() {
    set_knowledge_slots(scene_, scene_.knowledge, slots_);
    set_picture_slots(look_, rng_, slots_);
    set_things();
    set_headline();
    set_noise();
    return std::move(slots_);
  }

  const Look& look() const { return look_; }

 private:
  void set_things() {
    bool writing = scene_.layout != Layout::kObjects && scene_.layout != Layout::kPrice;
    if (writing || look_.groups.empty()) {
      set_noun(writing_noun(scene_), 1);
      slots_.set("thing", writing_noun(scene_));
      slots_.set("Thing", capital(writing_noun(scene_)));
      slots_.set("a_thing", tidy_words("a " + writing_noun(scene_)));
      slots_.set("things", writing_noun(scene_));
      return;
    }
    Phrases phrases(look_, all_names(scene_).objects);
    const Group& main = look_.groups[0];
    set_noun(main.kind, static_cast<int>(main.members.size()));
    const std::string& name = scene_.objects[main.members[0]].name;
    bool one_name = std::ranges::all_of(main.members,
                                        [&](int one) { return scene_.objects[one].name == name; });
    std::string a_thing = phrases.indefinite(main.members, false, rng_);
    std::string thing = without_article(a_thing);
    slots_.set("a_thing", a_thing);
    slots_.set("thing", thing);
    // A name keeps its letters: it is looked for as it stands.
    slots_.set("Thing", name.empty() ? title_case(thing) : capital(thing));
    if (one_name && !name.empty() && main.members.size() == 1) slots_.set("name", name);
    std::vector<const Group*> all;
    for (const Group& group : look_.groups) all.push_back(&group);
    std::string list = phrases.all(all, false, rng_);
    slots_.set("list", list);
    slots_.set("things", without_article(list));
    std::vector<std::string> colours = look_.colours(main.members);
    if (colours.empty()) return;
    slots_.set("colour", colours[0]);
    slots_.set("Colour", capital(colours[0]));
  }

  void set_noun(const std::string& kind, int count) {
    std::string many = plural_of(kind);
    slots_.set("kind", kind);
    slots_.set("Kind", title_case(kind));
    slots_.set("kinds", many);
    slots_.set("Kinds", title_case(many));
    std::string tag = kind;
    std::erase_if(tag,
                  [](char letter) { return letter == ' ' || letter == '\'' || letter == '-'; });
    slots_.set("kind_tag", tag);
    if (count > 1) slots_.set("count", number_word(count));
    std::string slug = lower(count > 1 ? many : kind);
    replace_all(slug, " ", "-");
    replace_all(slug, "'", "");
    slots_.set("slug", slug);
  }

  void set_headline() {
    const Text* heading = look_.first_text(TextRole::kHeading);
    if (scene_.chart && !scene_.chart->title.empty()) {
      slots_.set("headline", scene_.chart->title);
    } else if (heading != nullptr && can_quote(heading->text)) {
      slots_.set("headline", heading->text);
    } else {
      slots_.set("headline", capital(writing_noun(scene_)));
    }
    const Text* sign = look_.first_text(TextRole::kSign);
    if (sign != nullptr && can_quote(sign->text)) slots_.set("sign", quote(sign->text));
  }

  void set_noise() {
    static constexpr std::array<std::string_view, 6> kSizes{"300x225", "1024x768", "540x337",
                                                            "150x150", "800x800",  "1920x1080"};
    std::string_view size = kSizes[rng_.below(kSizes.size())];
    std::size_t cross = size.find('x');
    slots_.set("w", std::string(size.substr(0, cross)));
    slots_.set("h", std::string(size.substr(cross + 1)));
    slots_.set("n", std::to_string(1 + rng_.below(9)));
    slots_.set("nn", digits(2, rng_));
    slots_.set("mm", fmt::format("{:02}", rng_.below(60)));
    slots_.set("hex", fmt::format("{:08x}", rng_.next() & 0xffffffff));
    slots_.set("year", std::to_string(2006 + rng_.below(17)));
    slots_.set("month", fmt::format("{:02}", 1 + rng_.below(12)));
    slots_.set("day", fmt::format("{:02}", 1 + rng_.below(28)));
    slots_.set("hour", fmt::format("{:02}", 6 + rng_.below(16)));
  }

  const Scene& scene_;
  Look look_;
  Rng& rng_;
  Slots slots_;
};

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
  Slots slots(const Scene& of) { return AltSlots(of, rng_).make(); }
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
