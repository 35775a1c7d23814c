#include <algorithm>
#include <charconv>
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
    std::vector<int> mentions;
    bool background = false;
    bool negated = false;
  };

  bool same_sentence(std::size_t a, std::size_t b) const {
    return b < items_.size() && items_[a].sentence == items_[b].sentence;
  }

  bool is_picture_subject(std::size_t verb) const {
    return verb > 0 && same_sentence(verb, verb - 1) &&
           items_[verb - 1].kind == ItemKind::kBackground;
  }

  // Backwards from the colour to what it is told of.
  std::optional<Anchor> anchor_before(std::size_t colour) const {
    bool negated = false;
    for (std::size_t i = colour; i-- > 0 && same_sentence(colour, i);) {
      const Item& item = items_[i];
      switch (item.kind) {
        case ItemKind::kColour:
          if (!item.taken) break;
          return Anchor{item.said_of, item.of_background, negated};
        case ItemKind::kNegation:
          negated = true;
          break;
        case ItemKind::kCopula:
        case ItemKind::kVerb:
          negated |= item.negates;
          if (is_picture_subject(i)) return Anchor{{}, true, negated};
          if (const auto& subjects = draft_.subjects[i]; !subjects.empty())
            return Anchor{subjects, false, negated};
          if (item.kind == ItemKind::kCopula) return Anchor{};
          break;
        case ItemKind::kNoun:
          if (item.mention < 0) return Anchor{};
          return Anchor{{item.mention}, false, negated};
        case ItemKind::kPronoun:
          return Anchor{item.said_of, false, negated};
        case ItemKind::kBackground:
          return Anchor{{}, true, negated};
        case ItemKind::kRelation:
          return Anchor{{}, item.value == "on", false};
        case ItemKind::kPreposition:
          if (item.text == "against") return Anchor{{}, true, negated};
          break;
        case ItemKind::kTextNoun:
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
  std::optional<int> thing_behind(std::size_t colour) const {
    for (std::size_t i = colour + 1; same_sentence(colour, i); ++i)
      if (items_[i].mention >= 0) return items_[i].mention;
    return std::nullopt;
  }

  void take_colour(std::size_t colour) {
    auto anchor = anchor_before(colour);
    if (!anchor) {
      anchor.emplace();
      if (const auto thing = thing_behind(colour)) anchor->mentions = {*thing};
    }
    items_[colour].taken = true;
    items_[colour].of_background = anchor->background;
    if (anchor->background || !anchor->mentions.empty())
      add_colour(draft_, colour, anchor->mentions, anchor->negated);
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
    CountClaim claim{word.span, thing.value_or(0), 0, false, true};
    const char* end = word.value.data() + word.value.size();
    const auto read = std::from_chars(word.value.data(), end, claim.count);
    if (!thing || read.ec != std::errc()) return;
    claim.at_least = read.ptr != end;
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
