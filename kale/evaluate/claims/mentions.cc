#include <algorithm>
#include <charconv>
#include <optional>

#include "kale/evaluate/claims/draft.h"

namespace kale::evaluate {
namespace {

constexpr int kLooseWordsMax = 4;  // describing words between an article and its noun

struct Phrase {
  std::vector<std::size_t> colours;  // items, from the noun backwards
  std::optional<std::size_t> count;
  std::size_t begin = 0;  // first item of the phrase
  bool determined = false;
};

bool is_head(ItemKind kind) {
  return kind == ItemKind::kNoun || kind == ItemKind::kPicture || kind == ItemKind::kBackground ||
         kind == ItemKind::kPart || kind == ItemKind::kTextNoun;
}

class NounPhrases {
 public:
  explicit NounPhrases(Draft& draft) : draft_(draft), items_(draft.items) {}

  void find() {
    drop_modifiers();
    for (std::size_t i = 0; i < items_.size(); ++i)
      if (is_head(items_[i].kind)) take(i);
  }

 private:
  bool kind_at(std::size_t at, ItemKind kind) const {
    return at < items_.size() && items_[at].kind == kind;
  }
  bool same_sentence(std::size_t a, std::size_t b) const {
    return b < items_.size() && items_[a].sentence == items_[b].sentence;
  }

  // The last noun of a row is the thing: "police dog", "apple tree", "bird cage".
  void drop_modifiers() {
    for (std::size_t i = 0; i + 1 < items_.size(); ++i) {
      Item& item = items_[i];
      const Item& next = items_[i + 1];
      if (item.kind != ItemKind::kNoun || item.possessive || !same_sentence(i, i + 1)) continue;
      const bool noun = next.kind == ItemKind::kNoun && !next.generic;
      const bool other_head = next.kind == ItemKind::kCompound || is_compound(next);
      // "a bird icon": the icon is of a bird.
      if (item.number != Number::kSeveral && (noun || other_head)) item.kind = ItemKind::kOther;
    }
    for (std::size_t i = 0; i + 1 < items_.size(); ++i)
      if (items_[i].kind == ItemKind::kNoun && items_[i + 1].kind == ItemKind::kNoun &&
          items_[i + 1].generic && same_sentence(i, i + 1))
        items_[i + 1].kind = ItemKind::kOther;
  }

  static bool is_compound(const Item& item) {
    const Word* word = Lexicon::get().word(item.text);
    return word != nullptr && word->is(WordClass::kCompound) &&
           (item.kind == ItemKind::kPart || item.kind == ItemKind::kPicture);
  }

  // "and" between two colours, a comma between describing words.
  bool joins_describing(std::size_t at) const {
    if (at == 0 || at + 1 >= items_.size()) return false;
    const ItemKind left = items_[at - 1].kind;
    const ItemKind right = items_[at + 1].kind;
    if (items_[at].kind == ItemKind::kConjunction)
      return left == ItemKind::kColour && right == ItemKind::kColour;
    if (items_[at].kind != ItemKind::kComma) return false;
    if (left == ItemKind::kColour) return right == ItemKind::kColour || right == ItemKind::kOther;
    return left == ItemKind::kOther && at > 1 &&
           (right == ItemKind::kOther || right == ItemKind::kColour) &&
           (items_[at - 2].kind == ItemKind::kDeterminer ||
            items_[at - 2].kind == ItemKind::kCount);
  }

  Phrase behind(std::size_t head) const {
    Phrase phrase;
    phrase.begin = head;
    int loose = 0;
    for (std::size_t i = head; i-- > 0 && same_sentence(head, i);) {
      const Item& item = items_[i];
      const bool open_and = item.kind == ItemKind::kComma || item.kind == ItemKind::kConjunction;
      if (item.kind == ItemKind::kColour && !item.taken) {
        phrase.colours.push_back(i);
      } else if (item.kind == ItemKind::kCount) {
        phrase.count = i;
        phrase.begin = i;
        phrase.determined = true;
        if (i > 0 && kind_at(i - 1, ItemKind::kDeterminer)) phrase.begin = i - 1;
        return phrase;
      } else if (item.kind == ItemKind::kDeterminer) {
        phrase.begin = i;
        phrase.determined = true;
        return phrase;
      } else if (open_and ? !joins_describing(i)
                          : item.kind != ItemKind::kAdverb &&
                                (item.kind != ItemKind::kOther || ++loose > kLooseWordsMax)) {
        return phrase;
      }
      phrase.begin = i;
    }
    return phrase;
  }

  const Item* before(const Phrase& phrase) const {
    if (phrase.begin == 0 || !same_sentence(phrase.begin, phrase.begin - 1)) return nullptr;
    return &items_[phrase.begin - 1];
  }

  bool is_negated(const Phrase& phrase) const {
    if (phrase.count && items_[*phrase.count].value == "0") return true;
    if (items_[phrase.begin].kind == ItemKind::kDeterminer && items_[phrase.begin].negates)
      return true;
    const Item* left = before(phrase);
    if (left == nullptr) return false;
    if (left->negates && left->kind != ItemKind::kCount) return true;
    const bool listed = left->kind == ItemKind::kConjunction || left->kind == ItemKind::kComma;
    if (left->kind == ItemKind::kPreposition && phrase.begin > 1)
      return items_[phrase.begin - 2].text == "absence" || items_[phrase.begin - 2].text == "lack";
    if (!listed || phrase.begin < 2) return false;
    // "without a bird or a car", "no birds, cars or boats"
    const Item& earlier = items_[phrase.begin - 2];
    return earlier.mention >= 0 && draft_.claims.mentions[index(earlier.mention)].negated &&
           (left->text == "or" || left->text == "nor" || !phrase.determined);
  }

  static bool is_colour_word(const Item& item) {
    static const std::vector<std::string> kWords = {
        "colour", "color", "colours", "colors", "body", "tone", "tones", "shades", "hues", "shade"};
    return item.kind == ItemKind::kPicture &&
           std::find(kWords.begin(), kWords.end(), item.text) != kWords.end();
  }

  static std::size_t index(int i) { return static_cast<std::size_t>(i); }

  void take(std::size_t head) {
    const Phrase phrase = behind(head);
    Item& item = items_[head];
    item.begin = phrase.begin;
    if (is_colour_word(item)) return;  // "in red and white colours": of what, the verb says
    const Item* left = before(phrase);
    const bool compared = left != nullptr && left->kind == ItemKind::kComparison;
    if (item.kind == ItemKind::kNoun && !compared) {
      add_mention(head, phrase);
    } else if (item.kind == ItemKind::kTextNoun) {
      add_text_noun(head, phrase);
    }
    const auto about = about_of(item);
    for (const std::size_t colour : phrase.colours) {
      items_[colour].taken = true;
      if (item.mention >= 0) {
        add_colour(draft_, colour, {item.mention}, false);
      } else if (about) {
        add_colour(draft_, colour, {}, false, *about);
      }
    }
    if (phrase.count) items_[*phrase.count].taken = true;
    if (compared) item.kind = ItemKind::kOther;
  }

  void add_mention(std::size_t head, const Phrase& phrase) {
    Item& item = items_[head];
    Mention mention;
    mention.span = item.span;
    mention.noun = item.value;
    mention.number = item.number;
    mention.generic = item.generic;
    mention.negated = is_negated(phrase);
    const Item* left = before(phrase);
    mention.hedged = left != nullptr && left->kind == ItemKind::kHedge;
    item.mention = static_cast<int>(draft_.claims.mentions.size());
    draft_.claims.mentions.push_back(std::move(mention));
    if (!draft_.claims.mentions.back().negated) add_count(head, phrase);
  }

  // "one of the two birds" is told of two birds.
  bool is_partitive(const Phrase& phrase) const {
    return items_[phrase.begin].text.starts_with("one of");
  }

  void add_count(std::size_t head, const Phrase& phrase) {
    const Item& item = items_[head];
    CountClaim claim;
    claim.mention = item.mention;
    if (phrase.count && !is_partitive(phrase)) {
      const Item& word = items_[*phrase.count];
      const char* end = word.value.data() + word.value.size();
      const auto read = std::from_chars(word.value.data(), end, claim.count);
      if (read.ec != std::errc()) return;
      claim.at_least = read.ptr != end;
      for (std::size_t i = *phrase.count; i < head; ++i) claim.other |= items_[i].text == "other";
      claim.span = {word.span.begin, item.span.end};
    } else if (item.number == Number::kSeveral && !is_partitive(phrase)) {
      claim.count = 2;
      claim.at_least = true;
      claim.spoken = false;
      claim.span = item.span;
    } else {
      return;
    }
    draft_.claims.counts.push_back(claim);
  }

  void add_text_noun(std::size_t head, const Phrase& phrase) {
    const Item& item = items_[head];
    static const std::vector<std::string> kWhole = {"text",    "words",     "word",       "writing",
                                                    "letters", "lettering", "inscription"};
    const bool whole = std::find(kWhole.begin(), kWhole.end(), item.text) != kWhole.end();
    if (whole && is_negated(phrase)) draft_.claims.texts.push_back({item.span, ""});
    if (!phrase.count) return;
    const Item& word = items_[*phrase.count];
    std::string part = item.text;
    if (part.ends_with('s')) part.pop_back();
    if (part == "line of text" || part == "lines of text") part = "line";
    if (part != "bar" && part != "row" && part != "column" && part != "line") return;
    int count = 0;
    const char* end = word.value.data() + word.value.size();
    const auto read = std::from_chars(word.value.data(), end, count);
    if (read.ec == std::errc() && read.ptr == end && count > 0)
      draft_.claims.part_counts.push_back({{word.span.begin, item.span.end}, part, count});
  }

  Draft& draft_;
  std::vector<Item>& items_;
};

}  // namespace

std::vector<std::string> split_colours(std::string_view value) {
  std::vector<std::string> colours;
  for (std::size_t begin = 0; begin <= value.size();) {
    const std::size_t end = std::min(value.find('|', begin), value.size());
    colours.emplace_back(value.substr(begin, end - begin));
    begin = end + 1;
  }
  return colours;
}

std::optional<About> about_of(const Item& noun) {
  if (noun.kind == ItemKind::kBackground) return About::kBackground;
  if (noun.kind != ItemKind::kTextNoun) return std::nullopt;
  static const std::vector<std::string> kLetters = {"text",        "letters", "letter",
                                                    "lettering",   "words",   "writing",
                                                    "inscription", "font",    "lettered"};
  if (noun.text == "bars" || noun.text == "bar") return About::kBars;
  const bool letters = std::find(kLetters.begin(), kLetters.end(), noun.text) != kLetters.end();
  return letters ? std::optional(About::kLetters) : std::nullopt;
}

void add_colour(Draft& draft, std::size_t item, const std::vector<int>& mentions, bool negated,
                About about) {
  Item& colour = draft.items[item];
  colour.said_of = mentions;
  colour.about = about;
  colour.taken = true;
  draft.claims.colours.push_back(
      {colour.span, split_colours(colour.value), mentions, negated, about});
  if (negated) return;
  for (const int mention : mentions)
    draft.claims.mentions[static_cast<std::size_t>(mention)].colours.push_back(colour.value);
}

void find_mentions(Draft& draft) { NounPhrases(draft).find(); }

}  // namespace kale::evaluate
