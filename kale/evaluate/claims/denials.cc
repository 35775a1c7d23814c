#include <algorithm>
#include <array>
#include <string_view>

#include "kale/evaluate/claims/draft.h"

namespace kale::evaluate {
namespace {

template <std::size_t N>
bool is_one_of(const std::array<std::string_view, N>& all, std::string_view text) {
  return std::find(all.begin(), all.end(), text) != all.end();
}

// What stands behind these is there, denied or not: "it does not touch the bird".
bool is_definite(const Item& determiner) {
  static constexpr std::array<std::string_view, 15> kDefinite = {
      "the", "this", "that", "these", "those", "its",  "their",    "his",
      "her", "our",  "my",   "your",  "all",   "both", "the other"};
  return determiner.kind == ItemKind::kDeterminer && is_one_of(kDefinite, determiner.text);
}

bool is_manner(const Item& item) {
  if (is_focus(item.text)) return false;
  return item.kind == ItemKind::kAdverb ||
         (item.kind == ItemKind::kOther && item.text.ends_with("ly"));
}

bool is_place(ItemKind kind) {
  return kind == ItemKind::kPreposition || kind == ItemKind::kRelation;
}

bool is_showing(const Item& item) {
  const Word* word = item.kind == ItemKind::kVerb ? Lexicon::get().word(item.text) : nullptr;
  return word != nullptr && word->is(WordClass::kShowing);
}

// "does not touch": verbs that no list has, or that are other words as well.
bool may_be_verb(ItemKind kind) {
  return kind == ItemKind::kOther || kind == ItemKind::kPicture || kind == ItemKind::kPart ||
         kind == ItemKind::kTextNoun || kind == ItemKind::kCompound;
}

// The denial of a verb, not of a noun ("no", "lacking") nor of anything else.
bool denies_verbs(const Item& item) {
  return item.negates &&
         (item.kind == ItemKind::kCopula || item.text == "not" || item.text == "never" ||
          item.text == "cannot" || item.text.ends_with("n't"));
}

class Denials {
 public:
  Denials(const Draft& draft, std::size_t begin, std::size_t head)
      : draft_(draft), items_(draft.items), begin_(begin), head_(head) {}

  Denial find() const {
    const Denial denial = std::max(before(), behind());
    if (denial == Denial::kNone) return denial;
    // "the bird's wings are not shown"
    if (items_[head_].possessive) return definite() ? Denial::kNone : Denial::kElsewhere;
    return denial == Denial::kHere && is_narrowed() ? Denial::kElsewhere : denial;
  }

 private:
  bool in_sentence(std::size_t at) const {
    return at < items_.size() && items_[at].sentence == items_[head_].sentence;
  }

  bool definite() const {
    for (std::size_t i = begin_; i < head_; ++i)
      if (is_definite(items_[i])) return true;
    return false;
  }

  const Mention* mention_at(std::size_t item) const {
    const int mention = items_[item].mention;
    return mention < 0 ? nullptr : &draft_.claims.mentions[static_cast<std::size_t>(mention)];
  }

  Denial before() const {
    const Item& first = items_[begin_];
    if (first.kind == ItemKind::kCount && first.value.find_first_not_of('0') == std::string::npos)
      return Denial::kHere;
    if (first.kind == ItemKind::kDeterminer && first.negates) return Denial::kHere;
    if (begin_ == 0 || !in_sentence(begin_ - 1)) return Denial::kNone;
    const Item& left = items_[begin_ - 1];
    if (left.negates && left.kind != ItemKind::kCount)
      return denies_verbs(left) ? by_verb() : by_noun();
    if (begin_ > 1 && in_sentence(begin_ - 2)) {
      const Item& earlier = items_[begin_ - 2];
      if (left.kind == ItemKind::kPreposition && is_one_of(kLack, earlier.text))
        return Denial::kHere;
      if (const Mention* mention = mention_at(begin_ - 2); mention != nullptr && mention->negated)
        return behind_denied(left, *mention);
    }
    return by_verb();
  }

  // "no bird", "without a bird"; "the dog has no hat" says nothing of the hats of others.
  Denial by_noun() const {
    const bool verb =
        begin_ > 1 && in_sentence(begin_ - 2) && items_[begin_ - 2].kind == ItemKind::kVerb;
    return verb && is_of_a_thing(begin_ - 1, &items_[begin_ - 2]) ? Denial::kElsewhere
                                                                  : Denial::kHere;
  }

  // "without a bird or a car", "no birds, cars or boats", "no bird on a box".
  Denial behind_denied(const Item& left, const Mention& denied) const {
    if (is_place(left.kind)) return definite() ? Denial::kNone : Denial::kElsewhere;
    if (left.kind != ItemKind::kConjunction && left.kind != ItemKind::kComma) return Denial::kNone;
    const bool determined =
        items_[begin_].kind == ItemKind::kDeterminer || items_[begin_].kind == ItemKind::kCount;
    if (determined && left.text != "or" && left.text != "nor") return Denial::kNone;
    return denied.elsewhere ? Denial::kElsewhere : Denial::kHere;
  }

  // "does not show a bird", "is not next to a bird", "does not touch a bird".
  Denial by_verb() const {
    bool far = false;  // the phrase is not what a verb of showing shows
    const Item* verb = nullptr;
    std::size_t i = begin_;
    for (; i > 0 && in_sentence(i - 1) && !items_[i - 1].negates; --i) {
      const Item& item = items_[i - 1];
      const bool own_verb =
          i > 1 && in_sentence(i - 2) && denies_verbs(items_[i - 2]) && may_be_verb(item.kind);
      if (item.kind == ItemKind::kVerb || own_verb) {
        if (verb == nullptr) verb = &item;
      } else if (is_place(item.kind)) {
        far |= verb == nullptr;
      } else if (item.kind != ItemKind::kCopula && item.kind != ItemKind::kEllipsis &&
                 !is_manner(item) && item.text != "any") {
        return Denial::kNone;
      }
    }
    if (i == 0 || !in_sentence(i - 1)) return Denial::kNone;
    const Item& denial = items_[i - 1];
    if (denial.kind == ItemKind::kCount || denial.kind == ItemKind::kDeterminer)
      return Denial::kNone;
    if (!denies_verbs(denial) && (far || verb == nullptr)) return Denial::kNone;
    const bool shows = verb == nullptr || is_showing(*verb);
    if (!far && shows && !is_of_a_thing(i - 1, verb)) return Denial::kHere;
    return definite() ? Denial::kNone : Denial::kElsewhere;
  }

  // "the dog does not have a hat"; "it does not have one" may speak of the dog.
  bool is_of_a_thing(std::size_t denial, const Item* verb) const {
    std::size_t i = denial;
    while (i > 0 && in_sentence(i - 1) &&
           (items_[i - 1].kind == ItemKind::kVerb || items_[i - 1].kind == ItemKind::kCopula ||
            is_manner(items_[i - 1])))
      --i;
    if (i == 0 || !in_sentence(i - 1)) return false;
    const Item& subject = items_[i - 1];
    const bool owns = verb != nullptr && (verb->text.starts_with("ha"));
    return subject.kind == ItemKind::kNoun || subject.kind == ItemKind::kRelative ||
           subject.kind == ItemKind::kPart || (owns && subject.kind == ItemKind::kPronoun);
  }

  // "a bird is not shown", "birds cannot be seen".
  Denial behind() const {
    bool denied = false, gone = false;
    std::size_t i = head_ + 1;
    for (; in_sentence(i); ++i) {
      const Item& item = items_[i];
      const bool helper = item.kind == ItemKind::kCopula || is_helper(item.text);
      denied |= item.negates;
      gone |= is_one_of(kGone, item.text);
      if (!item.negates && !helper && !is_manner(item) && item.text != "to") break;
    }
    if (!denied) return Denial::kNone;
    if (in_sentence(i) && (is_showing(items_[i]) || items_[i].text == "visible")) {
      ++i;
    } else if (!gone) {
      return Denial::kNone;
    }
    return is_clause_end(i) ? Denial::kHere : Denial::kNone;
  }

  static bool is_helper(std::string_view text) {
    static constexpr std::array<std::string_view, 8> kHelpers = {"can",  "could", "may", "might",
                                                                 "will", "would", "do",  "does"};
    return is_one_of(kHelpers, text);
  }

  // Nothing follows, or only "in the picture": "not shown in full" is shown.
  bool is_clause_end(std::size_t at) const {
    if (!in_sentence(at)) return true;
    const ItemKind kind = items_[at].kind;
    if (kind == ItemKind::kBreak || kind == ItemKind::kComma || kind == ItemKind::kConjunction ||
        kind == ItemKind::kAdverb)
      return true;
    if (kind != ItemKind::kPreposition || !in_sentence(at + 1)) return false;
    const std::size_t noun = at + (items_[at + 1].kind == ItemKind::kDeterminer ? 2 : 1);
    return in_sentence(noun) && items_[noun].kind == ItemKind::kPicture;
  }

  // "no bird on the box", "no bird near the car": there may be one that is not.
  bool is_narrowed() const {
    if (!in_sentence(head_ + 1)) return false;
    if (items_[head_ + 1].kind == ItemKind::kOwnRelation) return true;
    if (!is_place(items_[head_ + 1].kind)) return false;
    for (std::size_t i = head_ + 2; in_sentence(i); ++i) {
      if (is_head(items_[i].kind)) return items_[i].kind == ItemKind::kNoun;
      const ItemKind kind = items_[i].kind;
      if (kind == ItemKind::kPronoun) return true;
      if (kind != ItemKind::kDeterminer && kind != ItemKind::kColour && kind != ItemKind::kOther &&
          kind != ItemKind::kCount)
        return false;
    }
    return false;
  }

  static constexpr std::array<std::string_view, 2> kLack = {"absence", "lack"};
  static constexpr std::array<std::string_view, 3> kGone = {"missing", "absent", "nowhere"};

  const Draft& draft_;
  const std::vector<Item>& items_;
  std::size_t begin_, head_;
};

}  // namespace

bool is_focus(std::string_view adverb) {
  static constexpr std::array<std::string_view, 6> kFocus = {"only",   "just",   "merely",
                                                             "simply", "solely", "necessarily"};
  return is_one_of(kFocus, adverb);
}

Denial denial_of(const Draft& draft, std::size_t begin, std::size_t head) {
  return Denials(draft, begin, head).find();
}

bool verb_is_denied(const std::vector<Item>& items, std::size_t at) {
  for (std::size_t i = at; i > 0 && items[i - 1].sentence == items[at].sentence; --i) {
    const Item& item = items[i - 1];
    if (item.negates) return i == at || denies_verbs(item);
    if (item.kind != ItemKind::kVerb && item.kind != ItemKind::kCopula && !is_manner(item))
      return false;
  }
  return false;
}

}  // namespace kale::evaluate
