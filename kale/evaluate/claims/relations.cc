#include <algorithm>
#include <optional>

#include "kale/core/check.h"
#include "kale/evaluate/claims/draft.h"

namespace kale::evaluate {
namespace {

constexpr std::size_t kObjectItemsMax = 8;  // from a relation's words to its noun

world::Relation relation_of(std::string_view value) {
  if (value == "left_of") return world::Relation::kLeftOf;
  if (value == "right_of") return world::Relation::kRightOf;
  if (value == "above") return world::Relation::kAbove;
  if (value == "below") return world::Relation::kBelow;
  KALE_CHECK(value == "on", "grammar.txt has a relation that the world does not know");
  return world::Relation::kOn;
}

class Relations {
 public:
  explicit Relations(Draft& draft) : draft_(draft), items_(draft.items) {}

  void find() {
    for (std::size_t i = 0; i < items_.size(); ++i)
      if (items_[i].kind == ItemKind::kRelation || items_[i].kind == ItemKind::kOwnRelation)
        take(i);
  }

 private:
  using Group = std::vector<int>;
  struct Objects {
    Group mentions;
    std::size_t end = 0;  // the item behind them
  };

  bool in_sentence(std::size_t with, std::size_t at) const {
    return at < items_.size() && items_[with].sentence == items_[at].sentence;
  }
  ItemKind kind_at(std::size_t with, std::size_t at) const {
    return in_sentence(with, at) ? items_[at].kind : ItemKind::kBreak;
  }

  static bool is_inside_phrase(ItemKind kind) {
    return kind == ItemKind::kDeterminer || kind == ItemKind::kCount || kind == ItemKind::kColour ||
           kind == ItemKind::kOther || kind == ItemKind::kAdverb || kind == ItemKind::kHedge;
  }

  // The noun that follows, describing words aside.
  std::optional<std::size_t> noun_behind(std::size_t at) const {
    for (std::size_t i = at + 1; i <= at + kObjectItemsMax && in_sentence(at, i); ++i) {
      const ItemKind kind = items_[i].kind;
      if (items_[i].mention >= 0) return i;
      if (kind == ItemKind::kPronoun && !items_[i].said_of.empty()) return i;
      const bool joins = (kind == ItemKind::kConjunction || kind == ItemKind::kComma) &&
                         kind_at(at, i + 1) == ItemKind::kColour;
      if (!is_inside_phrase(kind) && !joins) return std::nullopt;
    }
    return std::nullopt;
  }

  Group group_at(std::size_t item) const {
    return items_[item].mention >= 0 ? Group{items_[item].mention} : items_[item].said_of;
  }

  // "above and to the left of the car": the first relation shares the object of the second.
  std::size_t last_of_chain(std::size_t relation) const {
    std::size_t at = relation;
    while (kind_at(at, at + 1) == ItemKind::kConjunction ||
           kind_at(at, at + 1) == ItemKind::kComma) {
      if (kind_at(at, at + 2) != ItemKind::kRelation) break;
      at += 2;
    }
    return at;
  }

  Objects objects_of(std::size_t relation) const {
    if (items_[relation].kind == ItemKind::kOwnRelation)
      return {items_[relation].said_of, relation + 1};
    const auto first = noun_behind(last_of_chain(relation));
    if (!first) return {};
    Objects objects{group_at(*first), *first + 1};
    // "of the car and the box"; "of the car and the box is red" begins something new.
    while (kind_at(relation, objects.end) == ItemKind::kConjunction) {
      const auto more = noun_behind(objects.end);
      if (!more || items_[*more].mention < 0 || kind_at(relation, *more + 1) == ItemKind::kCopula ||
          kind_at(relation, *more + 1) == ItemKind::kVerb ||
          kind_at(relation, *more + 1) == ItemKind::kRelation || items_[objects.end].text != "and")
        break;
      objects.mentions.push_back(items_[*more].mention);
      objects.end = *more + 1;
    }
    return objects;
  }

  // "one sees", "we see", "you can see"
  bool is_viewer(std::size_t relation, std::size_t at) const {
    if (!in_sentence(relation, at)) return false;
    const std::string& text = items_[at].text;
    return text == "we" || text == "you" ||
           (text == "one" && kind_at(relation, at + 1) == ItemKind::kVerb);
  }

  // "To the left of the car is a bird", "..., there is a bird", "..., a bird sits".
  Group fronted_subject(std::size_t relation, std::size_t behind) const {
    std::size_t at = behind;
    bool verb = false;
    while (kind_at(relation, at) == ItemKind::kComma ||
           kind_at(relation, at) == ItemKind::kCopula || kind_at(relation, at) == ItemKind::kVerb ||
           kind_at(relation, at) == ItemKind::kEllipsis || is_viewer(relation, at)) {
      verb |= items_[at].kind != ItemKind::kComma;
      ++at;
    }
    if (at == behind) return {};
    const auto noun = noun_behind(at - 1);
    if (!noun) return {};
    Group group = group_at(*noun);
    if (verb && kind_at(relation, *noun + 1) == ItemKind::kConjunction)
      if (const auto more = noun_behind(*noun + 1); more && items_[*more].mention >= 0)
        group.push_back(items_[*more].mention);
    return group;
  }

  bool is_clause_start(std::size_t relation) const {
    std::size_t at = relation;
    while (at > 0 && in_sentence(relation, at - 1) && items_[at - 1].kind == ItemKind::kAdverb)
      --at;
    if (at == 0 || !in_sentence(relation, at - 1)) return true;
    const ItemKind kind = items_[at - 1].kind;
    return kind == ItemKind::kComma || kind == ItemKind::kConjunction || kind == ItemKind::kBreak;
  }

  bool is_sentence_start(std::size_t relation) const {
    for (std::size_t i = relation; i-- > 0 && in_sentence(relation, i);)
      if (items_[i].mention >= 0 || items_[i].kind == ItemKind::kPronoun) return false;
    return true;
  }

  // Nearest thing before; what stands in another relation's object counts as well.
  std::optional<std::size_t> nearest(std::size_t relation) const {
    for (std::size_t i = relation; i-- > 0 && in_sentence(relation, i);)
      if (items_[i].mention >= 0 || items_[i].kind == ItemKind::kPronoun) return i;
    return std::nullopt;
  }

  std::optional<int> nearest_but(std::size_t relation, const Group& subjects) const {
    for (std::size_t i = relation; i-- > 0 && in_sentence(relation, i);)
      if (items_[i].mention >= 0 &&
          std::find(subjects.begin(), subjects.end(), items_[i].mention) == subjects.end())
        return items_[i].mention;
    return std::nullopt;
  }

  Group clause_subject(std::size_t relation) const {
    for (std::size_t i = relation; i-- > 0 && in_sentence(relation, i);)
      if (!draft_.subjects[i].empty()) return draft_.subjects[i];
    for (std::size_t i = relation; i-- > 0;)
      if (!in_sentence(relation, i))
        break;
      else if (items_[i].mention >= 0 && i > 0 && items_[items_[i].begin].first == 0)
        return {items_[i].mention};
    return {};
  }

  // Whom the relation is told of: each reading that grammar allows.
  Group subjects_of(std::size_t relation) const {
    std::size_t at = relation;
    while (at > 0 && in_sentence(relation, at - 1) &&
           (items_[at - 1].kind == ItemKind::kAdverb || items_[at - 1].kind == ItemKind::kOther ||
            items_[at - 1].kind == ItemKind::kNegation))
      --at;
    if (at == 0 || !in_sentence(relation, at - 1)) return {};
    const std::size_t left = at - 1;
    const ItemKind kind = items_[left].kind;
    if (kind == ItemKind::kComma || kind == ItemKind::kConjunction) {
      if (last_end_ == left && !last_subjects_.empty()) return last_subjects_;
      if (left > 0 && items_[left - 1].kind == ItemKind::kRelation) return last_subjects_;
      return clause_or_nearest(relation);
    }
    if (kind == ItemKind::kVerb || kind == ItemKind::kCopula) {
      if (!draft_.subjects[left].empty()) return draft_.subjects[left];
      return clause_or_nearest(relation);
    }
    const auto noun = nearest(relation);
    if (!noun) return clause_subject(relation);
    Group group = group_at(*noun);
    // "A bird sits on a box to the left of a car": the box, or the bird.
    if (last_end_ == *noun + 1)
      for (const int subject : last_subjects_) group.push_back(subject);
    return group;
  }

  Group clause_or_nearest(std::size_t relation) const {
    Group group = clause_subject(relation);
    if (!group.empty()) return group;
    const auto noun = nearest(relation);
    return noun ? group_at(*noun) : Group{};
  }

  // "is not on the box", "no bird on the box"
  bool is_negated(std::size_t relation, const Group& subjects) const {
    return verb_is_denied(items_, relation) ||
           std::any_of(subjects.begin(), subjects.end(), [&](int subject) {
             return draft_.claims.mentions[static_cast<std::size_t>(subject)].negated;
           });
  }

  void take(std::size_t relation) {
    const Objects objects = objects_of(relation);
    if (relation == 0 || !in_sentence(relation, relation - 1)) last_subjects_.clear();
    if (objects.mentions.empty()) return;
    Group subjects;
    if (is_clause_start(relation)) {
      const Group fronted = fronted_subject(relation, objects.end);
      if (is_sentence_start(relation) || begins_clause(relation, objects.end)) subjects = fronted;
    }
    if (subjects.empty()) subjects = subjects_of(relation);
    RelationClaim claim;
    claim.span = items_[relation].span;
    claim.relation = relation_of(items_[relation].value);
    claim.negated = is_negated(relation, subjects);
    for (const int subject : subjects)
      for (const int object : objects.mentions)
        if (subject != object) claim.readings.emplace_back(subject, object);
    // "left of the car and above it": it is the car.
    if (claim.readings.empty() && !subjects.empty())
      if (const auto other = nearest_but(relation, subjects))
        claim.readings.emplace_back(subjects.front(), *other);
    last_subjects_ = subjects;
    last_end_ = objects.end;
    if (!claim.readings.empty()) draft_.claims.relations.push_back(std::move(claim));
  }

  // "..., and above it is a car" has a verb and then a noun.
  bool begins_clause(std::size_t relation, std::size_t behind) const {
    const ItemKind kind = kind_at(relation, behind);
    // "an owl and, to its left, a mouse"
    if (kind == ItemKind::kComma && items_[relation].kind == ItemKind::kOwnRelation)
      return noun_behind(behind).has_value();
    if (kind != ItemKind::kCopula && kind != ItemKind::kVerb && kind != ItemKind::kEllipsis)
      return false;
    return noun_behind(behind).has_value();
  }

  Draft& draft_;
  std::vector<Item>& items_;
  Group last_subjects_;
  std::size_t last_end_ = 0;
};

}  // namespace

void find_relations(Draft& draft) { Relations(draft).find(); }

}  // namespace kale::evaluate
