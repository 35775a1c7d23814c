#include "kale/world/tell/alt_slots.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "kale/core/ascii.h"
#include "kale/world/tell/knowledge.h"
#include "kale/world/tell/nouns.h"
#include "kale/world/tell/phrases.h"
#include "kale/world/tell/picture_words.h"

namespace kale::world {
namespace {

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
    std::string slug = lower_ascii(count > 1 ? many : kind);
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

}  // namespace

Slots alt_slots(const Scene& scene, Rng& rng) { return AltSlots(scene, rng).make(); }

}  // namespace kale::world
