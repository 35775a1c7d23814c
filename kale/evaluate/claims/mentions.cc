#include <algorithm>
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

  static bool is_colour_word(const Item& item) {
    static const std::vector<std::string> kWords = {
        "colour", "color", "colours", "colors", "body", "tone", "tones", "shades", "hues", "shade"};
    return item.kind == ItemKind::kPicture &&
           std::find(kWords.begin(), kWords.end(), item.text) != kWords.end();
  }

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
        add_colour(draft_, colour, {item.mention}, false).before_noun = true;
      } else if (about) {
        const bool negated = denial_of(draft_, phrase.begin, head) != Denial::kNone;
        add_colour(draft_, colour, {}, negated, *about).before_noun = true;
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
    const Denial denial = denial_of(draft_, phrase.begin, head);
    mention.negated = denial != Denial::kNone;
    mention.elsewhere = denial == Denial::kElsewhere;
    mention.another = is_another(phrase, head);
    mention.told_of = told_of(phrase);
    if (items_[phrase.begin].text == "each" || items_[phrase.begin].text == "every")
      mention.number = Number::kSeveral;
    const Item* left = before(phrase);
    mention.hedged = left != nullptr && left->kind == ItemKind::kHedge;
    item.mention = static_cast<int>(draft_.claims.mentions.size());
    draft_.claims.mentions.push_back(std::move(mention));
    if (!draft_.claims.mentions.back().negated) add_count(head, phrase);
  }

  // "another bird", "the other bird", "a second bird"
  bool is_another(const Phrase& phrase, std::size_t head) const {
    static const std::vector<std::string> kWords = {"another", "the other", "other", "second",
                                                    "third",   "fourth",    "fifth"};
    for (std::size_t i = phrase.begin; i < head; ++i)
      if (std::find(kWords.begin(), kWords.end(), items_[i].text) != kWords.end()) return true;
    return false;
  }

  // "one of the birds", "two of the birds", "some birds": what is told is not told of all.
  int told_of(const Phrase& phrase) const {
    const std::string& first = items_[phrase.begin].text;
    if (is_partitive(phrase) || first == "some") return 1;
    const Item* of = before(phrase);
    if (of == nullptr || of->text != "of" || phrase.begin < 2) return 0;
    const Item& part = items_[phrase.begin - 2];
    if (!same_sentence(phrase.begin, phrase.begin - 2)) return 0;
    if (part.kind == ItemKind::kCount) return spoken_number(part).value_or(SpokenNumber{}).count;
    static const std::vector<std::string> kParts = {"some", "most", "half",     "many", "few",
                                                    "none", "any",  "majority", "rest", "each"};
    return std::find(kParts.begin(), kParts.end(), part.text) != kParts.end() ? 1 : 0;
  }

  // "one of the two birds" is told of two birds.
  bool is_partitive(const Phrase& phrase) const {
    return items_[phrase.begin].text.starts_with("one of");
  }

  // "the two birds", "all two birds"
  bool is_definite(const Phrase& phrase) const {
    const std::string& first = items_[phrase.begin].text;
    return first == "the" || first == "these" || first == "those" || first == "all" ||
           first == "both";
  }

  void add_count(std::size_t head, const Phrase& phrase) {
    const Item& item = items_[head];
    CountClaim claim;
    claim.mention = item.mention;
    if (phrase.count && !is_partitive(phrase)) {
      const Item& word = items_[*phrase.count];
      const auto number = spoken_number(word);
      if (!number) return;
      claim.count = number->count;
      claim.at_least = number->at_least;
      claim.definite = is_definite(phrase);
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
    const bool denied = denial_of(draft_, phrase.begin, head) != Denial::kNone;
    if (whole && denied) draft_.claims.texts.push_back({item.span, ""});
    if (!phrase.count || denied) return;
    const Item& word = items_[*phrase.count];
    std::string part = item.text;
    if (part.ends_with('s')) part.pop_back();
    if (part == "line of text" || part == "lines of text") part = "line";
    if (part != "bar" && part != "row" && part != "column" && part != "line") return;
    const auto number = spoken_number(word);
    if (number && !number->at_least && number->count > 0)
      draft_.claims.part_counts.push_back({{word.span.begin, item.span.end}, part, number->count});
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

ColourClaim& add_colour(Draft& draft, std::size_t item, const std::vector<int>& mentions,
                        bool negated, About about) {
  Item& colour = draft.items[item];
  colour.said_of = mentions;
  colour.about = about;
  colour.taken = true;
  draft.claims.colours.push_back(
      {colour.span, split_colours(colour.value), mentions, negated, about});
  if (!negated)
    for (const int mention : mentions)
      draft.claims.mentions[static_cast<std::size_t>(mention)].colours.push_back(colour.value);
  return draft.claims.colours.back();
}

void find_mentions(Draft& draft) { NounPhrases(draft).find(); }

}  // namespace kale::evaluate
