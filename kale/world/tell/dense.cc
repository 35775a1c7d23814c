#include "kale/world/tell/dense.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>

#include "kale/world/tell/knowledge.h"
#include "kale/world/tell/nouns.h"
#include "kale/world/tell/phrases.h"
#include "kale/world/tell/picture_words.h"
#include "kale/world/tell/text_facts.h"

namespace kale::world {
namespace {

constexpr int kAttempts = 12;
constexpr int kTargetSpread = 24;   // captions aim at different lengths
constexpr int kSentencesMax = 24;   // of one attempt; far more than fit
constexpr int kNothingNewMax = 10;  // sentences in a row that added nothing

// What is talked about: a whole group, or one thing of it.
struct Topic {
  Members members;
  std::set<std::string> said;  // slots that sentences about it have used
};

class DenseTeller {
 public:
  DenseTeller(const Look& look, const Names& names, WordLimits limits, Rng& rng)
      : look_(look),
        names_(names),
        phrases_(look, names.objects),
        limits_(limits),
        rng_(rng),
        prose_(limits.max),
        text_(look, rng) {
    set_picture_slots(look, rng, picture_);
    fillers_ = picture_;
    for (const Group& group : look.groups) {
      topics_.push_back({group.members, {}});
      if (group.members.size() < 2) continue;
      for (int member : group.members) {
        if (look.colour_tells_apart(member) || member == group.members[0]) {
          topics_.push_back({{member}, {}});
        }
      }
    }
  }

  std::string tell() {
    int target =
        std::min(limits_.max - 4, limits_.min + 4 + static_cast<int>(rng_.below(kTargetSpread)));
    bool knowing = !names_.told.entity.empty();
    bool early = rng_.below(2) == 0;
    open();
    if (knowing && early) say_knowledge();
    std::size_t quality_at = rng_.below(3) + 1;
    int idle = 0;
    for (std::size_t turn = 0; turn < kSentencesMax && prose_.words() < target; ++turn) {
      bool added = turn == quality_at && rng_.below(3) != 0 ? say("quality", picture_) : go_on();
      idle = added ? 0 : idle + 1;
      if (idle > kNothingNewMax) break;
    }
    if (rng_.below(2) == 0 && prose_.words() < target + 6) say_once("backdrop", backdrop_said_);
    if (knowing && !early) say_knowledge();
    for (int turn = 0; turn < kSentencesMax && prose_.words() < limits_.min; ++turn) fill();
    return prose_.text();
  }

 private:
  bool say(std::string_view rule, const Slots& slots) {
    Said said = dense_grammar().say(rule, slots, rng_);
    if (!prose_.add(as_sentence(said.text))) return false;
    last_.clear();
    return true;
  }

  void say_once(std::string_view rule, bool& done) {
    if (!done && say(rule, picture_)) done = true;
  }

  void open() {
    Slots slots = picture_;
    add_list(slots);
    std::string rule = text_.opening();
    if (!rule.empty()) {
      text_.fill(slots);
      things_said_ = true;
      Said said = dense_grammar().say(rule, slots, rng_);
      things_said_ = said.holds("list") || look_.groups.empty();
      text_.told(said);
      backdrop_said_ = said.holds("bg");
      prose_.add(as_sentence(said.text));
      return;
    }
    bool many = look_.scene.objects.size() > 1;
    bool parts = look_.groups.size() > 1;
    auto drawn = rng_.below(7);
    rule = drawn >= 5 && many && parts ? "opening_count"
           : drawn >= 3 && parts       ? "opening_main"
                                       : "opening_list";
    backdrop_said_ = say(rule, slots);
    things_said_ = rule != "opening_count";
    walking_ = !things_said_;
  }

  void add_list(Slots& slots) {
    if (look_.groups.empty()) return;
    std::vector<const Group*> all;
    for (const Group& group : look_.groups) all.push_back(&group);
    if (rng_.below(3) == 0) std::ranges::reverse(all);
    bool coloured = rng_.below(3) == 0;
    bool plural = all.size() > 1 || phrases_.is_plural(all[0]->members);
    slots.set("list", phrases_.all(all, coloured, rng_), plural);
    slots.set("first", "", phrases_.is_plural(all[0]->members));
    if (all.size() < 2) return;
    const Members& main = look_.groups[0].members;
    slots.set("main", phrases_.indefinite(main, rng_.below(2) == 0, rng_),
              phrases_.is_plural(main));
    slots.set("main_it", phrases_.is_plural(main) ? "these" : "it");
    slots.set("main_them", phrases_.is_plural(main) ? "them" : "it");
    slots.flag("main_largest", look_.is_largest(main));
    std::vector<const Group*> rest;
    for (const Group& group : look_.groups) {
      if (&group != &look_.groups[0]) rest.push_back(&group);
    }
    bool more = rest.size() > 1 || phrases_.is_plural(rest[0]->members);
    slots.set("rest", phrases_.all(rest, coloured, rng_), more);
    slots.set("rest_all", "", true);
  }

  // One more sentence about the things or the writing.
  bool go_on() {
    if (walking_) return walk();
    bool writing = text_.has_more();
    if (!things_said_ && !look_.groups.empty() && (!writing || rng_.below(4) == 0)) {
      Slots slots = picture_;
      add_list(slots);
      things_said_ = true;
      return say("and_things", slots);
    }
    if (writing && (topics_.empty() || !things_said_ || rng_.below(3) != 0)) {
      Said said = text_.more(dense_grammar(), picture_);
      last_.clear();
      return prose_.add(as_sentence(said.text));
    }
    if (topics_.empty() || !things_said_) return false;
    return rng_.below(4) == 0 && look_.groups.size() > 1 ? contrast() : describe();
  }

  // Introduces the next group that was not spoken of, seen from the one before.
  bool walk() {
    std::vector<const Group*> left;
    for (const Group& group : look_.groups) {
      if (!walked_.contains(group.kind)) left.push_back(&group);
    }
    if (left.size() == 1) {
      walking_ = false;
      things_said_ = true;
    }
    const Group& next = *left[rng_.below(std::min<std::size_t>(2, left.size()))];
    Slots slots = picture_;
    slots.set("a_np", phrases_.indefinite(next.members, rng_.below(4) != 0, rng_),
              phrases_.is_plural(next.members));
    if (std::string place = place_words(look_.region(next.members), rng_); !place.empty()) {
      slots.set("place", place);
    }
    if (!anchor_.empty()) set_relation(slots, next.members, anchor_, "rel");
    walked_.insert(next.kind);
    anchor_ = next.members;
    return say("introduce", slots);
  }

  bool set_relation(Slots& slots, const Members& subjects, const Members& objects,
                    std::string_view slot) {
    for (Relation relation : {Relation::kOn, Relation::kLeftOf, Relation::kRightOf,
                              Relation::kAbove, Relation::kBelow}) {
      if (!look_.all_related(subjects, relation, objects)) continue;
      std::string pair =
          fmt::format("{} {}", std::min(subjects, objects), std::max(subjects, objects));
      if (related_.contains(pair)) return false;
      pairs_[std::string(slot)] = pair;
      Slots of;
      of.set("o", phrases_.definite(objects, rng_));
      slots.set(slot, dense_grammar().say(relation_rule(relation), of, rng_).text);
      return true;
    }
    return false;
  }

  bool describe() {
    Topic& topic = topics_[rng_.below(topics_.size())];
    bool same = topic.members == last_ && rng_.below(3) != 0;
    bool plural = phrases_.is_plural(topic.members);
    std::string np = same ? (plural ? "they" : "it") : phrases_.definite(topic.members, rng_);
    if (!same && rng_.below(7) == 0) {
      if (std::string broad = phrases_.by_hypernym(topic.members); !broad.empty()) {
        np = broad;
        plural = topic.members.size() > 1;
      }
    }
    Slots slots = picture_;
    slots.set("np", np, plural);
    slots.set("np_object", same ? (plural ? "them" : "it") : np);
    slots.flag("pron", same);
    pairs_.clear();
    set_facts(slots, topic);
    for (const std::string& slot : topic.said) slots.drop(slot);
    Said said = dense_grammar().say("describe", slots, rng_);
    if (!prose_.add(as_sentence(said.text))) return false;
    for (const std::string& slot : said.used) {
      if (slot != "np" && slot != "picture") topic.said.insert(slot);
    }
    if (topic.said.contains("one_colour")) topic.said.insert("colour");
    if (topic.said.contains("colour")) topic.said.insert("one_colour");
    for (const auto& [slot, pair] : pairs_) {
      if (said.holds(slot)) related_.insert(pair);
    }
    share_facts(topic);
    last_ = topic.members;
    return true;
  }

  // What was said of a group holds for each of it, and is not said of the next one again.
  void share_facts(const Topic& topic) {
    static constexpr std::array<std::string_view, 4> kOnce{"small", "tilted", "hidden", "upside"};
    bool whole = topic.members.size() > 1;
    const std::string& kind = look_.scene.objects[topic.members[0]].kind;
    for (Topic& other : topics_) {
      if (look_.scene.objects[other.members[0]].kind != kind) continue;
      for (const std::string& slot : topic.said) {
        bool once = std::ranges::find(kOnce, slot) != kOnce.end();
        if (whole || once) other.said.insert(slot);
      }
    }
  }

  void set_facts(Slots& slots, const Topic& topic) {
    const Members& members = topic.members;
    bool told_apart = members.size() == 1 && look_.group_of(members[0]).members.size() > 1 &&
                      look_.colour_tells_apart(members[0]);
    if (std::string colour = phrases_.colours(members, rng_); !colour.empty() && !told_apart) {
      slots.set("colour", colour, colour.find(" and ") != std::string::npos);
      slots.set("one_colour", look_.colours(members)[0]);
    }
    if (std::string place = place_words(look_.region(members), rng_); !place.empty()) {
      slots.set("place", place);
    }
    slots.flag("small", look_.is_small(members));
    slots.flag("large", look_.is_large(members));
    slots.flag("largest", look_.is_largest(members));
    slots.flag("tilted", look_.is_tilted(members));
    slots.flag("upside", look_.is_upside_down(members));
    slots.flag("hidden", look_.is_hidden(members));
    const std::optional<std::string>& tint = look_.scene.objects[members[0]].tint;
    bool same_tint = std::ranges::all_of(
        members, [&](int one) { return look_.scene.objects[one].tint == tint; });
    if (tint && same_tint && !told_apart) slots.set("tint", *tint);
    std::vector<const Group*> others;
    for (const Group& group : look_.groups) {
      if (group.kind != look_.scene.objects[members[0]].kind) others.push_back(&group);
    }
    if (others.empty()) return;
    std::size_t first = rng_.below(others.size());
    set_relation(slots, members, related_part(members, others[first]->members), "rel");
    if (others.size() < 2) return;
    std::size_t second = (first + 1 + rng_.below(others.size() - 1)) % others.size();
    if (slots.find("rel") != nullptr) {
      set_relation(slots, members, others[second]->members, "rel2");
    }
  }

  // The whole group, or one thing of it that has a relation to all of `subjects`.
  Members related_part(const Members& subjects, const Members& group) const {
    for (Relation relation : {Relation::kOn, Relation::kLeftOf, Relation::kRightOf,
                              Relation::kAbove, Relation::kBelow}) {
      if (look_.all_related(subjects, relation, group)) return group;
    }
    return {group[rng_.below(group.size())]};
  }

  bool contrast() {
    std::size_t x = rng_.below(look_.groups.size());
    std::size_t y = (x + 1 + rng_.below(look_.groups.size() - 1)) % look_.groups.size();
    Slots slots = picture_;
    if (!set_side(slots, "x", x) || !set_side(slots, "y", y)) return false;
    if (!dense_grammar().can_say("contrast", slots)) return false;
    Said said = dense_grammar().say("contrast", slots, rng_);
    if (!prose_.add(as_sentence(said.text))) return false;
    for (auto& [side, at] : {std::pair{"x", x}, std::pair{"y", y}}) {
      std::string prefix = side;
      for (Topic& topic : topics_) {
        if (topic.members != look_.groups[at].members) continue;
        if (said.holds(prefix + "_colour")) topic.said.insert({"colour", "one_colour"});
        if (said.holds(prefix + "_place")) topic.said.insert("place");
      }
    }
    last_.clear();
    return true;
  }

  bool set_side(Slots& slots, const std::string& side, std::size_t at) {
    const Members& members = look_.groups[at].members;
    auto topic = std::ranges::find(topics_, members, &Topic::members);
    slots.set(side, phrases_.definite(members, rng_), phrases_.is_plural(members));
    if (std::string colour = phrases_.colours(members, rng_);
        !colour.empty() && !topic->said.contains("colour")) {
      slots.set(side + "_colour", colour);
    }
    if (std::string place = place_words(look_.region(members), rng_);
        !place.empty() && !topic->said.contains("place")) {
      slots.set(side + "_place", place);
    }
    return true;
  }

  void say_knowledge() {
    for (const std::string& sentence :
         knowledge_sentences(look_.scene, names_.told, picture_.find("picture")->text, rng_)) {
      prose_.add(sentence);
    }
  }

  // Makes a short caption longer; a fact that a filler has told is not told by another.
  void fill() {
    if (rng_.below(3) == 0) say_once("backdrop", backdrop_said_);
    if (rng_.below(3) == 0 && go_on()) return;
    std::string_view rule = rng_.below(3) == 0 ? "quality" : "filler";
    if (!dense_grammar().can_say(rule, fillers_)) return;
    Said said = dense_grammar().say(rule, fillers_, rng_);
    prose_.add(as_sentence(said.text));
    for (const std::string& slot : said.used) {
      if (slot != "picture") fillers_.drop(slot);
    }
  }

  const Look& look_;
  const Names& names_;
  Phrases phrases_;
  WordLimits limits_;
  Rng& rng_;
  Prose prose_;
  TextFacts text_;
  Slots picture_;
  Slots fillers_;  // of picture_, what no filler has told yet
  std::vector<Topic> topics_;
  std::set<std::string> walked_;              // kinds that were introduced
  Members last_;                              // what the last sentence was about
  Members anchor_;                            // what was introduced last
  std::set<std::string> related_;             // pairs whose relation was told
  std::map<std::string, std::string> pairs_;  // of the slots that hold a relation now
  bool things_said_ = false, walking_ = false, backdrop_said_ = false;
};

}  // namespace

std::string tell_dense(const Look& look, const Names& names, WordLimits limits, Rng& rng) {
  std::vector<std::string> wanted = names.all();
  std::string best;
  std::ptrdiff_t most = -2;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    Rng own(rng.next());
    std::string text = DenseTeller(look, names, limits, own).tell();
    std::ptrdiff_t score =
        within(text, limits)
            ? std::ranges::count_if(wanted,
                                    [&](const std::string& name) { return holds_name(text, name); })
            : -1;
    if (score > most) {
      most = score;
      best = std::move(text);
    }
    if (most == static_cast<std::ptrdiff_t>(wanted.size())) break;
  }
  return best;
}

}  // namespace kale::world
