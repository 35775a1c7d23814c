#include <algorithm>
#include <optional>

#include "kale/evaluate/claims/draft.h"

namespace kale::evaluate {
namespace {

class Predicates {
 public:
  explicit Predicates(Draft& draft) : draft_(draft), items_(draft.items) {}

  void find() {
    for (std::size_t i = 0; i < items_.size(); ++i) {
      if (items_[i].kind == ItemKind::kColour && !items_[i].taken) take_colour(i);
      if (items_[i].kind == ItemKind::kCount && !items_[i].taken) take_count(i);
    }
  }

 private:
  struct Anchor {
    std::vector<int> mentions = {};
    std::optional<About> about = std::nullopt;  // of no thing
    bool negated = false;
  };

  bool same_sentence(std::size_t a, std::size_t b) const {
    return b < items_.size() && items_[a].sentence == items_[b].sentence;
  }

  // "The background is red", "letters that are red".
  std::optional<About> other_subject(std::size_t verb) const {
    if (verb == 0 || !same_sentence(verb, verb - 1)) return std::nullopt;
    std::size_t at = verb - 1;
    while (at > 0 && (items_[at].kind == ItemKind::kRelative ||
                      items_[at].kind == ItemKind::kAdverb || items_[at].kind == ItemKind::kCopula))
      --at;
    // "The wallpaper behind it is red."
    if (at > 1 && items_[at].kind == ItemKind::kPronoun &&
        items_[at - 1].kind == ItemKind::kPreposition && same_sentence(verb, at - 2))
      at -= 2;
    return about_of(items_[at]);
  }

  bool copula_before(std::size_t at) const {
    for (std::size_t i = at; i-- > 0 && same_sentence(at, i);) {
      if (items_[i].kind == ItemKind::kBreak) return false;
      if (items_[i].kind == ItemKind::kCopula && !draft_.subjects[i].empty()) return true;
    }
    return false;
  }

  // "not red |or| blue"
  bool is_denied_colour(const Item& colour) const {
    const auto& claims = draft_.claims.colours;
    return std::any_of(claims.begin(), claims.end(), [&](const ColourClaim& claim) {
      return claim.span == colour.span && claim.negated;
    });
  }

  // Backwards from the colour to what it is told of.
  std::optional<Anchor> anchor_before(std::size_t colour) const {
    bool negated = false;
    bool joined = false, past_noun = false, either = false;
    for (std::size_t i = colour; i-- > 0 && same_sentence(colour, i);) {
      const Item& item = items_[i];
      switch (item.kind) {
        case ItemKind::kColour:
          if (!item.taken || past_noun) break;
          negated |= either && is_denied_colour(item);
          if (item.about != About::kThings) return Anchor{{}, item.about, negated};
          return Anchor{item.said_of, std::nullopt, negated};
        case ItemKind::kNegation:
          negated |= !is_focus(items_[i + 1].text);
          break;
        case ItemKind::kCopula:
        case ItemKind::kVerb:
          negated |= item.negates || verb_is_denied(items_, i);
          if (const auto about = other_subject(i)) return Anchor{{}, about, negated};
          if (const auto& subjects = draft_.subjects[i]; !subjects.empty())
            return Anchor{subjects, std::nullopt, negated};
          if (item.kind == ItemKind::kCopula) return Anchor{};
          break;
        case ItemKind::kConjunction:
        case ItemKind::kComma:
          joined = true;
          either |= item.text == "or" || item.text == "nor";
          break;
        case ItemKind::kNoun:
          // "The dog is below the car and red."
          past_noun = joined && copula_before(i);
          if (past_noun) break;
          if (item.mention < 0) return Anchor{};
          return Anchor{{item.mention}, std::nullopt, negated};
        case ItemKind::kPronoun:
          return Anchor{item.said_of, std::nullopt, negated};
        case ItemKind::kBackground:
          return Anchor{{}, About::kBackground, negated};
        case ItemKind::kRelation:
          if (joined) break;
          if (item.value == "on") return Anchor{{}, About::kBackground, false};
          return Anchor{};
        case ItemKind::kPreposition:
          if (item.text == "against") return Anchor{{}, About::kBackground, negated};
          break;
        case ItemKind::kTextNoun:
          return Anchor{{}, about_of(item), negated};
        case ItemKind::kQuote:
        case ItemKind::kPart:
        case ItemKind::kBreak:
          return Anchor{};
        default:
          break;
      }
    }
    return std::nullopt;
  }

  // "Red and white, the bird sits": the first thing of the sentence.
  Anchor anchor_behind(std::size_t colour) const {
    for (std::size_t i = colour + 1; same_sentence(colour, i); ++i) {
      if (items_[i].mention >= 0) return Anchor{{items_[i].mention}};
      if (const auto about = about_of(items_[i])) return Anchor{{}, about};
    }
    return {};
  }

  void take_colour(std::size_t colour) {
    auto anchor = anchor_before(colour);
    if (!anchor) anchor = anchor_behind(colour);
    items_[colour].taken = true;
    if (anchor->about || !anchor->mentions.empty())
      add_colour(draft_, colour, anchor->mentions, anchor->negated,
                 anchor->about.value_or(About::kThings));
  }

  // "There are three." "They are two."
  void take_count(std::size_t at) {
    if (at == 0 || !same_sentence(at, at - 1)) return;
    const Item& left = items_[at - 1];
    const bool there_are = left.kind == ItemKind::kEllipsis;
    const bool they_are = left.kind == ItemKind::kCopula && at > 1 &&
                          (items_[at - 2].text == "they" || left.value == "they");
    if (!there_are && !they_are) return;
    const bool ends = !same_sentence(at, at + 1) || items_[at + 1].kind == ItemKind::kBreak ||
                      items_[at + 1].kind == ItemKind::kComma;
    const bool of_them = same_sentence(at, at + 2) && items_[at + 1].text == "of" &&
                         items_[at + 2].kind == ItemKind::kPronoun;
    if (!ends && !of_them) return;
    const auto thing = last_topic(at);
    const Item& word = items_[at];
    CountClaim claim;
    claim.span = word.span;
    claim.mention = thing.value_or(0);
    const auto number = spoken_number(word);
    if (!thing || !number) return;
    claim.count = number->count;
    claim.at_least = number->at_least;
    items_[at].taken = true;
    draft_.claims.counts.push_back(claim);
  }

  // The subject told of last before an item; else the last thing.
  std::optional<int> last_topic(std::size_t at) const {
    std::optional<int> mention;
    for (std::size_t i = at; i-- > 0 && !mention;) {
      if (!draft_.subjects[i].empty()) mention = draft_.subjects[i].front();
      if (items_[i].mention >= 0) mention = items_[i].mention;
    }
    return mention;
  }

  Draft& draft_;
  std::vector<Item>& items_;
};

}  // namespace

void find_predicates(Draft& draft) { Predicates(draft).find(); }

}  // namespace kale::evaluate
