#include "kale/world/tell/questions.h"

#include <algorithm>
#include <array>
#include <numeric>

#include "kale/core/ascii.h"
#include "kale/world/scene/chart_values.h"
#include "kale/world/scene/colours.h"
#include "kale/world/tell/knowledge.h"
#include "kale/world/tell/nouns.h"
#include "kale/world/tell/phrases.h"
#include "kale/world/tell/picture_words.h"
#include "kale/world/tell/probes.h"
#include "kale/world/tell/texts.h"

namespace kale::world {
namespace {

constexpr std::size_t kAnswers = 10;
constexpr std::size_t kPlainMin = 6;  // of ten answers at least so many are the plain one
constexpr std::size_t kChoices = 4;

const Grammar& grammar() {
  static const Grammar made(world_tell_texts::questions);
  return made;
}

void shuffle(std::vector<std::string>& items, Rng& rng) {
  for (std::size_t at = items.size(); at > 1; --at) std::swap(items[at - 1], items[rng.below(at)]);
}

// Ten annotators: most give the plain answer, some one of the others.
std::vector<std::string> ten(const std::string& plain, const std::vector<std::string>& others,
                             Rng& rng) {
  std::vector<std::string> answers(kPlainMin, plain);
  while (answers.size() < kAnswers) {
    bool other = !others.empty() && rng.below(2) == 0;
    answers.push_back(other ? others[rng.below(others.size())] : plain);
  }
  shuffle(answers, rng);
  return answers;
}

// A bar whose label found no room in the picture cannot be asked for.
bool has_all_labels(const Chart& chart) {
  return std::ranges::none_of(chart.labels, [](const std::string& one) { return one.empty(); });
}

class Asker {
 public:
  Asker(const Scene& scene, Rng& rng)
      : scene_(scene), look_(scene), phrases_(look_, {}), rng_(rng), absent_(scene) {}

  std::vector<Question> ask_all() {
    open_things();
    open_whole();
    keep(kQuestionsOf.open);
    probes();
    keep(asked_.size());
    knowledge();
    keep(kQuestionsOf.knowledge);
    reading();
    keep(kQuestionsOf.reading);
    chart();
    keep(kQuestionsOf.chart);
    choices();
    keep(kQuestionsOf.choice);
    return std::move(kept_);
  }

 private:
  std::string words(std::string_view rule, const Slots& slots) {
    return capital(grammar().say(rule, slots, rng_).text);
  }

  void add(QuestionKind kind, std::string_view rule, const Slots& slots,
           std::vector<std::string> answers) {
    asked_.push_back({.kind = kind, .question = words(rule, slots), .answers = std::move(answers)});
  }

  // `count` of what was asked since the last call, by chance.
  void keep(std::size_t count) {
    while (asked_.size() > count) {
      asked_.erase(asked_.begin() + static_cast<std::ptrdiff_t>(rng_.below(asked_.size())));
    }
    std::ranges::move(asked_, std::back_inserter(kept_));
    asked_.clear();
  }

  // Other words for the kind of a thing, as annotators choose them.
  std::vector<std::string> other_words(const std::string& noun) const {
    std::vector<std::string> others{tidy_words("a " + noun)};
    if (const Kind* kind = find_kind(noun)) {
      others.insert(others.end(), kind->synonyms.begin(), kind->synonyms.end());
    }
    return others;
  }

  Slots about(const Group& group) {
    Slots slots;
    slots.set("np", phrases_.definite(group.members, rng_));
    slots.set("kinds", plural_of(group.kind));
    return slots;
  }

  static bool countable(const Group& group) {
    const Kind* kind = find_kind(group.kind);
    return kind != nullptr && !only_plural(*kind);
  }

  void open_things() {
    for (const Group& group : look_.groups) {
      auto count = static_cast<int>(group.members.size());
      if (countable(group)) {
        add(QuestionKind::kOpen, "count", about(group),
            ten(std::to_string(count), {number_word(count)}, rng_));
      }
      if (count != 1) continue;
      const Object& object = scene_.objects[group.members[0]];
      if (!object.colours.empty()) {
        std::vector<std::string> others;
        if (object.colours.size() > 1) {
          others.push_back(object.colours[0] + " and " + object.colours[1]);
        }
        add(QuestionKind::kOpen, "colour", about(group), ten(object.colours[0], others, rng_));
      }
      if (object.tint) {
        add(QuestionKind::kOpen, "tint", about(group), ten(*object.tint, {}, rng_));
      }
      std::string region = look_.region(group.members);
      if (region == "left" || region == "right") {
        add(QuestionKind::kOpen, "side", about(group),
            ten(region, {"on the " + region, region + " side"}, rng_));
      }
      relation(group);
    }
  }

  // Asks for what has a relation to this thing, where it is one thing alone.
  void relation(const Group& group) {
    for (Relation relation : {Relation::kLeftOf, Relation::kRightOf, Relation::kAbove,
                              Relation::kBelow, Relation::kOn}) {
      int only = only_related(relation, group.members[0]);
      if (only < 0) continue;
      Slots slots;
      slots.set("rel", relation_words(relation, group));
      const std::string& kind = scene_.objects[only].kind;
      add(QuestionKind::kOpen, "relation", slots, ten(kind, other_words(kind), rng_));
    }
  }

  std::string relation_words(Relation relation, const Group& group) {
    Slots of;
    of.set("o", phrases_.definite(group.members, rng_));
    return dense_grammar().say(relation_rule(relation), of, rng_).text;
  }

  // The one thing that is `relation` the object; -1 where there is none or more than one.
  int only_related(Relation relation, int object) const {
    int only = -1;
    for (int other = 0; other < static_cast<int>(scene_.objects.size()); ++other) {
      if (!look_.related(other, relation, object)) continue;
      if (only >= 0) return -1;
      only = other;
    }
    return only;
  }

  void open_whole() {
    const std::string& ground = scene_.background.colour;
    if (!ground.empty()) {
      std::vector<std::string> others;
      if (scene_.background.kind == "plain") others.push_back("plain " + ground);
      add(QuestionKind::kOpen, "background", {}, ten(ground, others, rng_));
    }
    if (scene_.style == "photo") {
      add(QuestionKind::kOpen, "style", {}, ten("photo", {"a photo", "photograph"}, rng_));
    }
    if (scene_.style == "drawing") {
      add(QuestionKind::kOpen, "style", {}, ten("drawing", {"a drawing", "drawn"}, rng_));
    }
    if (!look_.groups.empty() && look_.is_largest(look_.groups[0].members)) {
      const std::string& kind = look_.groups[0].kind;
      add(QuestionKind::kOpen, "largest", {}, ten(kind, other_words(kind), rng_));
    }
    std::vector<const Text*> signs = look_.texts(TextRole::kSign);
    if (signs.size() == 1 && !signs[0]->colour.empty()) {
      add(QuestionKind::kOpen, "ink", {}, ten(signs[0]->colour, {}, rng_));
    }
    if (scene_.chart && !scene_.chart->bar_colour.empty()) {
      add(QuestionKind::kOpen, "bars_colour", {}, ten(scene_.chart->bar_colour, {}, rng_));
    }
  }

  void probe(const Kind& kind, Sampling sampling, std::string_view answer) {
    Slots slots;
    slots.set("a_kind", "a " + kind.noun);
    slots.set("kinds", kind.plural);
    slots.flag("many", only_plural(kind));
    add(QuestionKind::kProbe, "probe", slots, {std::string(answer)});
    asked_.back().sampling = sampling_name(sampling);
  }

  void probes() {
    for (Sampling sampling : {Sampling::kRandom, Sampling::kPopular, Sampling::kAdversarial}) {
      for (std::size_t pair = 0; pair < kQuestionsOf.probe_pairs; ++pair) {
        if (look_.groups.empty()) return;
        const Kind* there = find_kind(look_.groups[rng_.below(look_.groups.size())].kind);
        const Kind* absent = absent_.draw(sampling, rng_);
        if (there == nullptr || absent == nullptr) continue;
        probe(*there, sampling, "yes");
        probe(*absent, sampling, "no");
      }
    }
  }

  void knowledge() {
    Slots slots;
    const Knowledge& known = scene_.knowledge;
    if (!known.entity.empty()) {
      set_knowledge_slots(scene_, known, slots);
      auto field = [&](std::string_view rule, const std::string& answer) {
        if (!answer.empty() && grammar().can_say(rule, slots)) {
          add(QuestionKind::kKnowledge, rule, slots, {answer});
        }
      };
      field("made_by", known.maker);
      field("made_where", known.place);
      field("made_country", known.country);
      field("made_when", known.date);
      field("titled", known.title);
      field("occasion", known.event);
    }
    for (const Group& group : look_.groups) {
      const Object& object = scene_.objects[group.members[0]];
      if (group.members.size() != 1 || object.name.empty()) continue;
      slots.set("kind", group.kind);
      add(QuestionKind::kKnowledge, group.kind == "flag" ? "flag_of" : "kind_of", slots,
          {object.name});
    }
  }

  void read(std::string_view rule, const Text& text, const Slots& slots = {}) {
    std::vector<std::string> others;
    if (std::string small = lower_ascii(text.text); small != text.text) others.push_back(small);
    add(QuestionKind::kReading, rule, slots, ten(text.text, others, rng_));
  }

  void reading() {
    using Rule = std::pair<TextRole, std::string_view>;
    static constexpr std::array<Rule, 4> kOnce{{{TextRole::kSign, "read_sign"},
                                                {TextRole::kPriceTag, "read_price"},
                                                {TextRole::kLabel, "read_label"},
                                                {TextRole::kHeading, "read_heading"}}};
    for (const auto& [role, rule] : kOnce) {
      std::vector<const Text*> texts = look_.texts(role);
      if (texts.size() == 1) read(rule, *texts[0]);
    }
    if (const Text* line = look_.first_text(TextRole::kLine)) read("read_first_line", *line);
    if (scene_.texts.size() == 1) read("read_all", scene_.texts[0]);
    int rows = look_.rows(), columns = look_.columns();
    if (rows < 2 || columns < 2) return;
    int row = 1 + static_cast<int>(rng_.below(rows - 1));
    int column = 1 + static_cast<int>(rng_.below(columns - 1));
    const Text* name = look_.cell(row, 0);
    const Text* head = look_.cell(0, column);
    const Text* cell = look_.cell(row, column);
    if (name == nullptr || head == nullptr || cell == nullptr || !names_one_row(*name)) return;
    Slots slots;
    slots.set("row", quote(name->text));
    slots.set("column", quote(head->text));
    read("read_cell", *cell, slots);
  }

  bool names_one_row(const Text& name) const {
    int same = 0;
    for (int row = 0; row < look_.rows(); ++row) {
      const Text* other = look_.cell(row, 0);
      if (other != nullptr && other->text == name.text) ++same;
    }
    return same == 1;
  }

  void chart() {
    if (!scene_.chart) return;
    const Chart& chart = *scene_.chart;
    std::size_t bars = std::min(chart.labels.size(), chart.values.size());
    if (bars < 2) return;
    auto number = [&](std::string_view rule, const Slots& slots, int value) {
      add(QuestionKind::kChartNumber, rule, slots, {std::to_string(value)});
    };
    std::size_t one = rng_.below(bars), other = (one + 1 + rng_.below(bars - 1)) % bars;
    number("bar_count", {}, static_cast<int>(bars));
    if (!has_all_labels(chart)) return;
    Slots slots;
    slots.set("label", quote(chart.labels[one]));
    slots.set("other", quote(chart.labels[other]));
    const auto written = [&](std::size_t bar) { return is_value_written(scene_, bar); };
    if (written(one)) number("bar_value", slots, chart.values[one]);
    if (written(one) && written(other))
      number("bar_difference", slots, std::abs(chart.values[one] - chart.values[other]));
    bool all = true;
    for (std::size_t bar = 0; bar < bars; ++bar) all = all && written(bar);
    if (all) number("bar_sum", slots, std::accumulate(chart.values.begin(), chart.values.end(), 0));
    auto [low, high] = std::ranges::minmax_element(chart.values);
    if (std::ranges::count(chart.values, *high) == 1) {
      add(QuestionKind::kChartNumber, "bar_highest", slots,
          {chart.labels[high - chart.values.begin()]});
    }
    if (std::ranges::count(chart.values, *low) == 1) {
      add(QuestionKind::kChartNumber, "bar_lowest", slots,
          {chart.labels[low - chart.values.begin()]});
    }
  }

  // Shuffles the four; asks nothing where they are not four different ones.
  void choose(std::string_view rule, const Slots& slots, const std::string& right,
              std::vector<std::string> wrong) {
    std::ranges::sort(wrong);
    wrong.erase(std::unique(wrong.begin(), wrong.end()), wrong.end());
    std::erase(wrong, right);
    if (wrong.size() + 1 < kChoices) return;
    shuffle(wrong, rng_);
    wrong.resize(kChoices - 1);
    wrong.push_back(right);
    shuffle(wrong, rng_);
    auto at = std::ranges::find(wrong, right) - wrong.begin();
    add(QuestionKind::kChoice, rule, slots, {std::string(1, static_cast<char>('A' + at))});
    asked_.back().choices = std::move(wrong);
  }

  std::vector<std::string> absent_nouns() {
    std::vector<std::string> nouns;
    for (std::size_t draw = 0; draw < 2 * kChoices; ++draw) {
      Sampling sampling = draw % 2 == 0 ? Sampling::kAdversarial : Sampling::kRandom;
      if (const Kind* kind = absent_.draw(sampling, rng_)) nouns.push_back(kind->noun);
    }
    return nouns;
  }

  void choices() {
    for (const Group& group : look_.groups) {
      const Object& object = scene_.objects[group.members[0]];
      choose("choose_thing", {}, group.kind, absent_nouns());
      auto count = static_cast<int>(group.members.size());
      if (countable(group)) {
        std::vector<std::string> wrong;
        for (int other = std::max(1, count - 2); other <= count + 3; ++other) {
          wrong.push_back(std::to_string(other));
        }
        choose("choose_count", about(group), std::to_string(count), std::move(wrong));
      }
      if (count != 1) continue;
      if (!object.colours.empty()) {
        std::vector<std::string> wrong;
        for (std::string_view colour : kColours) {
          if (std::ranges::find(object.colours, colour) == object.colours.end() &&
              object.tint != colour) {
            wrong.emplace_back(colour);
          }
        }
        choose("choose_colour", about(group), object.colours[0], std::move(wrong));
      }
      for (Relation relation : {Relation::kLeftOf, Relation::kAbove, Relation::kOn}) {
        int only = only_related(relation, group.members[0]);
        if (only < 0) continue;
        Slots slots;
        slots.set("rel", relation_words(relation, group));
        choose("choose_relation", slots, scene_.objects[only].kind, absent_nouns());
      }
    }
    if (!scene_.chart || scene_.chart->values.empty() || !has_all_labels(*scene_.chart)) return;
    const Chart& chart = *scene_.chart;
    auto high = std::ranges::max_element(chart.values);
    if (std::ranges::count(chart.values, *high) != 1) return;
    choose("choose_bar", {}, chart.labels[high - chart.values.begin()], chart.labels);
  }

  const Scene& scene_;
  Look look_;
  Phrases phrases_;
  Rng& rng_;
  AbsentKinds absent_;
  std::vector<Question> asked_, kept_;
};

}  // namespace

std::vector<Question> ask(const Scene& scene, Rng& rng) { return Asker(scene, rng).ask_all(); }

}  // namespace kale::world
