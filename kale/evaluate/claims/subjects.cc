#include <algorithm>
#include <optional>

#include "kale/evaluate/claims/draft.h"

namespace kale::evaluate {
namespace {

bool speaks_of_several(std::string_view verb) {
  return verb == "are" || verb == "were" || verb == "aren't" || verb == "appear" ||
         verb == "look" || verb == "seem" || verb == "have" || verb == "sit" || verb == "stand" ||
         verb == "lie" || verb == "aren't" || verb == "weren't";
}

bool is_singular_pronoun(std::string_view text) {
  return text != "they" && text != "them" && text != "their" && !text.starts_with("their ") &&
         !text.ends_with(" them") && text != "themselves" && text != "these" && text != "all" &&
         text != "both" && !text.starts_with("to their") && !text.starts_with("on their") &&
         text != "the pair" && text != "the two" && text != "the three" && text != "each";
}

// Of whom a text speaks, sentence by sentence.
class Subjects {
 public:
  explicit Subjects(Draft& draft) : draft_(draft), items_(draft.items) {
    draft_.subjects.resize(items_.size());
  }

  void find() {
    for (std::size_t begin = 0; begin < items_.size();) {
      std::size_t end = begin;
      while (end < items_.size() && items_[end].sentence == items_[begin].sentence) ++end;
      sentence(begin, end);
      begin = end;
    }
  }

 private:
  using Group = std::vector<int>;

  const Item* before_phrase(std::size_t head) const {
    const std::size_t begin = items_[head].kind == ItemKind::kPronoun ? head : items_[head].begin;
    return begin > begin_ ? &items_[begin - 1] : nullptr;
  }

  // Stands in "of a car", "next to a car", "above a car". A photo of a bird is of the bird.
  bool is_governed(std::size_t head) const {
    const Item* left = before_phrase(head);
    if (left == nullptr) return false;
    if (left->kind == ItemKind::kRelation || left->kind == ItemKind::kComparison) return true;
    if (left->kind != ItemKind::kPreposition) return is_listed_governed(head, *left);
    if (left->text != "of") return left->text != "as";
    const std::size_t of = static_cast<std::size_t>(left - items_.data());
    return of == begin_ || items_[of - 1].kind != ItemKind::kPicture;
  }

  // "above a car and a box": the box too. A verb behind it makes a new clause of it.
  bool is_listed_governed(std::size_t head, const Item& left) const {
    if (left.kind != ItemKind::kConjunction || (left.text != "and" && left.text != "or"))
      return false;
    const auto conjunction = static_cast<std::size_t>(&left - items_.data());
    if (conjunction == begin_ || items_[conjunction - 1].mention < 0) return false;
    if (head + 1 < end_ &&
        (items_[head + 1].kind == ItemKind::kCopula || items_[head + 1].kind == ItemKind::kVerb))
      return false;
    return is_governed(conjunction - 1);
  }

  Group mentions_of(std::size_t head) const {
    const Item& item = items_[head];
    if (item.kind == ItemKind::kPronoun) return item.said_of;
    return item.mention >= 0 ? Group{item.mention} : Group{};
  }

  void sentence(std::size_t begin, std::size_t end) {
    begin_ = begin;
    end_ = end;
    subject_.clear();
    first_ = std::nullopt;
    std::optional<Group> told;
    for (std::size_t i = begin; i < end; ++i) {
      const ItemKind kind = items_[i].kind;
      if (kind == ItemKind::kPronoun || kind == ItemKind::kOwnRelation || is_it(items_[i]))
        items_[i].said_of = referent(items_[i].text);
      if (is_it(items_[i])) subject_ = items_[i].said_of;
      if (kind == ItemKind::kBreak) subject_.clear();
      if (!first_ && kind == ItemKind::kNoun && items_[i].mention >= 0 && !is_governed(i) &&
          !draft_.claims.mentions[static_cast<std::size_t>(items_[i].mention)].negated)
        first_ = i;
      if (kind != ItemKind::kCopula && kind != ItemKind::kVerb) continue;
      draft_.subjects[i] = subject_of(i);
      if (!told && !draft_.subjects[i].empty()) told = draft_.subjects[i];
    }
    end_sentence(told);
  }

  static bool is_it(const Item& item) {
    return item.kind == ItemKind::kCopula && (item.value == "it" || item.value == "they");
  }

  Group group_from(std::size_t head) const {
    Group group = mentions_of(head);
    for (std::size_t i = head + 1; i + 1 < end_; ++i) {
      const ItemKind kind = items_[i].kind;
      if (kind != ItemKind::kComma && kind != ItemKind::kConjunction) break;
      std::size_t next = i + 1;
      while (next < end_ && items_[next].begin != i + 1) ++next;
      if (next == end_ || items_[next].mention < 0) break;
      group.push_back(items_[next].mention);
      i = next;
    }
    return group;
  }

  void end_sentence(const std::optional<Group>& told) {
    Group all;
    for (std::size_t i = begin_; i < end_; ++i)
      if (items_[i].mention >= 0) all.push_back(items_[i].mention);
    if (told) {
      topic_ = *told;
    } else if (first_) {
      topic_ = mentions_of(*first_);
    } else if (!all.empty()) {
      topic_ = {all.front()};
    }
    if (first_) {
      group_ = group_from(*first_);
    } else if (!all.empty()) {
      group_ = all;
    }
    if (!all.empty()) all_ = all;
  }

  bool is_several(const Group& group) const {
    if (group.size() > 1) return true;
    return group.size() == 1 &&
           draft_.claims.mentions[static_cast<std::size_t>(group[0])].number != Number::kOne;
  }

  Group referent(const std::string& text) const {
    if (is_singular_pronoun(text)) {
      if (!subject_.empty()) return {subject_.front()};
      if (first_) return mentions_of(*first_);
      return topic_.empty() ? Group{} : Group{topic_.front()};
    }
    if (first_ && is_several(group_from(*first_))) return group_from(*first_);
    for (const Group* group : {&topic_, &group_, &all_})
      if (is_several(*group)) return *group;
    return topic_;
  }

  // The noun that stands right before a verb, adverbs aside.
  std::optional<std::size_t> head_before(std::size_t verb) const {
    // "The dog, by contrast, is red."
    if (verb > begin_ && items_[verb - 1].kind == ItemKind::kComma) {
      constexpr std::size_t kInsertedMax = 8;
      for (std::size_t i = verb - 1; i-- > begin_ && verb - i <= kInsertedMax;)
        if (items_[i].kind == ItemKind::kComma) {
          verb = i;
          break;
        }
    }
    bool name = false;
    for (std::size_t i = verb; i-- > begin_;) {
      const ItemKind kind = items_[i].kind;
      if (is_head(kind) || kind == ItemKind::kPronoun) return i;
      // "The flag of the Netherlands is red."
      const bool capital = kind == ItemKind::kOther && draft_.tokens[items_[i].first].capital;
      const bool of_name = name && (items_[i].text == "of" || items_[i].text == "the");
      name |= capital;
      const bool passed = kind == ItemKind::kAdverb || capital || of_name ||
                          (kind == ItemKind::kOther && items_[i].text.ends_with("ly"));
      if (!passed) return std::nullopt;
    }
    return std::nullopt;
  }

  Group subject_of(std::size_t verb) {
    if (is_it(items_[verb])) return items_[verb].said_of;
    if (verb > begin_ && items_[verb - 1].kind == ItemKind::kRelative) return relative(verb - 1);
    const auto head = head_before(verb);
    if (!head) {
      if (subject_.empty() && first_ && items_[verb].kind == ItemKind::kCopula)
        subject_ = mentions_of(*first_);
      return subject_;
    }
    if (is_governed(*head)) {
      // "The colour of the bird is red."
      if (const Item* left = before_phrase(*head);
          left->text == "of" && subject_.empty() && !first_)
        return subject_ = mentions_of(*head);
      if (subject_.empty() && first_ && *first_ < verb) subject_ = mentions_of(*first_);
      return subject_;
    }
    subject_ = mentions_of(*head);
    const Item* left = before_phrase(*head);
    if (left == nullptr || left->kind != ItemKind::kConjunction || subject_.empty() ||
        !speaks_of_several(items_[verb].text))
      return subject_;
    // "A bird and a car are red."
    const auto conjunction = static_cast<std::size_t>(left - items_.data());
    if (conjunction > begin_ && items_[conjunction - 1].mention >= 0)
      subject_.insert(subject_.begin(), items_[conjunction - 1].mention);
    return subject_;
  }

  Group relative(std::size_t which) const {
    for (std::size_t i = which; i-- > begin_;)
      if (items_[i].mention >= 0) return {items_[i].mention};
    return {};
  }

  Draft& draft_;
  std::vector<Item>& items_;
  std::size_t begin_ = 0, end_ = 0;   // of the sentence at hand
  Group subject_;                     // of the clause at hand
  std::optional<std::size_t> first_;  // first noun of the sentence that stands for itself
  Group topic_, group_, all_;         // of the sentences before
};

}  // namespace

void find_subjects(Draft& draft) { Subjects(draft).find(); }

}  // namespace kale::evaluate
