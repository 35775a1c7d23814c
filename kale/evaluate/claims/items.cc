#include "kale/evaluate/claims/items.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace kale::evaluate {
namespace {

// Which class decides where a word is of several; nouns of things are weighed against them apart.
constexpr std::array<std::pair<WordClass, ItemKind>, 20> kOrder = {{
    {WordClass::kOwnRelation, ItemKind::kOwnRelation},
    {WordClass::kRelation, ItemKind::kRelation},
    {WordClass::kComparison, ItemKind::kComparison},
    {WordClass::kHedge, ItemKind::kHedge},
    {WordClass::kEllipsis, ItemKind::kEllipsis},
    {WordClass::kCount, ItemKind::kCount},
    {WordClass::kDeterminer, ItemKind::kDeterminer},
    {WordClass::kColour, ItemKind::kColour},
    {WordClass::kCopula, ItemKind::kCopula},
    {WordClass::kNegation, ItemKind::kNegation},
    {WordClass::kRelative, ItemKind::kRelative},
    {WordClass::kBackground, ItemKind::kBackground},
    {WordClass::kText, ItemKind::kTextNoun},
    {WordClass::kPicture, ItemKind::kPicture},
    {WordClass::kPart, ItemKind::kPart},
    {WordClass::kPronoun, ItemKind::kPronoun},
    {WordClass::kVerb, ItemKind::kVerb},
    {WordClass::kPreposition, ItemKind::kPreposition},
    {WordClass::kConjunction, ItemKind::kConjunction},
    {WordClass::kAdverb, ItemKind::kAdverb},
}};

bool ends_noun_phrase(const Word* word) {
  if (word == nullptr) return false;
  for (const WordClass c : {WordClass::kCopula, WordClass::kVerb, WordClass::kPreposition,
                            WordClass::kConjunction, WordClass::kRelation, WordClass::kRelative,
                            WordClass::kNegation, WordClass::kAdverb, WordClass::kOwnRelation})
    if (word->is(c)) return true;
  return false;
}

class Builder {
 public:
  Builder(const std::vector<Token>& tokens, const std::vector<std::string>& names)
      : tokens_(tokens), names_(names) {}

  std::vector<Item> build() {
    for (std::size_t at = 0; at < tokens_.size();) at = add(at);
    return std::move(items_);
  }

 private:
  struct Found {
    std::size_t words = 0;
    const Word* word = nullptr;
    std::string noun;
    NounForm form;
  };

  bool same_run(std::size_t from, std::size_t to) const {
    for (std::size_t i = from; i <= to; ++i)
      if (tokens_[i].mark != Mark::kWord || tokens_[i].sentence != tokens_[from].sentence)
        return false;
    return true;
  }

  std::string phrase(std::size_t at, std::size_t words) const {
    std::string all = tokens_[at].form;
    for (std::size_t i = 1; i < words; ++i) all += " " + tokens_[at + i].form;
    return all;
  }

  const Word* word_at(std::size_t at) const {
    return at < tokens_.size() && tokens_[at].mark == Mark::kWord ? lexicon_.word(tokens_[at].form)
                                                                  : nullptr;
  }
  bool class_at(std::size_t at, WordClass c) const {
    const Word* word = word_at(at);
    return word != nullptr && word->is(c);
  }
  const NounForm* noun_at(std::size_t at) const {
    return at < tokens_.size() && tokens_[at].mark == Mark::kWord
               ? lexicon_.noun_form(tokens_[at].form)
               : nullptr;
  }

  // The run of capitals that ends here stands behind an article or a count: "a Magellanic Penguin".
  bool behind_article(std::size_t at) const {
    while (at > 0 && tokens_[at - 1].mark == Mark::kWord && tokens_[at - 1].capital &&
           !tokens_[at - 1].first && tokens_[at - 1].sentence == tokens_[at].sentence)
      --at;
    return at > 0 && (class_at(at - 1, WordClass::kDeterminer) ||
                      class_at(at - 1, WordClass::kCount) || class_at(at - 1, WordClass::kColour));
  }

  // A capital inside a sentence makes a name of it ("in Turkey") unless an article goes before.
  bool is_only_name(std::size_t at, std::size_t words) const {
    const Token& last = tokens_[at + words - 1];
    return last.capital && !tokens_[at].first && words == 1 && !behind_article(at) && !title_case_;
  }

  Found longest_noun(std::size_t at) const {
    Found found;
    const std::size_t most = std::max<std::size_t>(lexicon_.phrase_words_max(), 6);
    for (std::size_t n = 1; n <= most && at + n <= tokens_.size() && same_run(at, at + n - 1);
         ++n) {
      const std::string said = phrase(at, n);
      const bool is_name = std::find(names_.begin(), names_.end(), said) != names_.end();
      const Token& last = tokens_[at + n - 1];
      if (is_name && (!last.capital || behind_article(at))) {
        found = {n, nullptr, said, {said, Number::kEither, true}};
      } else if (const NounForm* form = lexicon_.noun_form(said); form && !is_only_name(at, n)) {
        found = {n, nullptr, form->noun, *form};
      }
    }
    return found;
  }

  Found longest_word(std::size_t at) const {
    Found found;
    for (std::size_t n = 1;
         n <= lexicon_.phrase_words_max() && at + n <= tokens_.size() && same_run(at, at + n - 1);
         ++n)
      if (const Word* word = lexicon_.word(phrase(at, n))) found = {n, word, {}, {}};
    return found;
  }

  std::size_t add(std::size_t at) {
    const Token& token = tokens_[at];
    if (token.mark != Mark::kWord) {
      static constexpr std::array<ItemKind, 4> kMarks = {ItemKind::kOther, ItemKind::kComma,
                                                         ItemKind::kBreak, ItemKind::kQuote};
      return put(at, 1, kMarks[static_cast<std::size_t>(token.mark)]);
    }
    const Found noun = longest_noun(at);
    if (noun.words < 2 && is_measure(at)) return put(at, 2, ItemKind::kAdverb);
    Found word = longest_word(at);
    if (word.words > 1 && is_measure(at + 1)) word = {1, word_at(at), {}, {}};
    // "a pair of scissors" is a pair of nothing.
    if (word.word != nullptr && word.words > 1 && word.word->is(WordClass::kCount))
      for (std::size_t i = at; i < at + word.words; ++i)
        if (const Found inner = longest_noun(i);
            inner.words > 1 && i + inner.words > at + word.words) {
          if (i == at) return put_noun(at, inner);
          word = {1, word_at(at), {}, {}};
          break;
        }
    if (noun.words > 0 && noun.words >= word.words && is_thing(at, noun, word.word))
      return put_noun(at, noun);
    if (word.word != nullptr) return put_word(at, word);
    return put(at, 1, is_number(token.form) ? ItemKind::kCount : ItemKind::kOther);
  }

  // "pair of" before trousers, "sets of" before headphones: no number of things.
  bool is_measure(std::size_t at) const {
    if (at + 2 >= tokens_.size() || tokens_[at + 1].form != "of") return false;
    const std::string& form = tokens_[at].form;
    if (form != "pair" && form != "pairs" && form != "set" && form != "sets") return false;
    const Found noun = longest_noun(at + 2);
    return noun.words > 0 && noun.form.number == Number::kEither && noun.noun.ends_with('s');
  }

  static bool is_number(std::string_view form) {
    return !form.empty() && form.size() <= 3 &&
           std::all_of(form.begin(), form.end(), [](char c) { return c >= '0' && c <= '9'; });
  }

  // A noun phrase is under way: an article, a count, a colour or a describing word goes before.
  bool in_noun_phrase(std::size_t at) const {
    if (at == 0 || tokens_[at - 1].sentence != tokens_[at].sentence) return false;
    const Token& before = tokens_[at - 1];
    if (before.mark != Mark::kWord) return false;
    if (before.possessive) return true;
    const Word* word = word_at(at - 1);
    if (word != nullptr)
      return word->is(WordClass::kDeterminer) || word->is(WordClass::kCount) ||
             word->is(WordClass::kColour);
    return at > 1 && noun_at(at - 1) == nullptr && !before.form.ends_with("ly");
  }

  bool part_of_something(std::size_t at) const {
    std::size_t i = at;
    while (i > 0 && tokens_[i - 1].mark == Mark::kWord &&
           (class_at(i - 1, WordClass::kColour) || class_at(i - 1, WordClass::kCount) ||
            word_at(i - 1) == nullptr) &&
           tokens_[i - 1].sentence == tokens_[at].sentence && !tokens_[i - 1].possessive)
      --i;
    if (i == 0 || tokens_[i - 1].mark != Mark::kWord) return false;
    const std::string& before = tokens_[i - 1].form;
    return tokens_[i - 1].possessive || before == "its" || before == "their" || before == "his" ||
           before == "her" || before == "with" || before == "has" || before == "have";
  }

  // Behind the colours that follow, if any: "orange" [", red and white"].
  std::size_t behind_colours(std::size_t at) const {
    while (at < tokens_.size() && tokens_[at].sentence == tokens_[at - 1].sentence) {
      if (class_at(at, WordClass::kColour)) {
        ++at;
      } else if ((tokens_[at].form == "and" || tokens_[at].mark == Mark::kComma) &&
                 class_at(at + 1, WordClass::kColour)) {
        at += 2;
      } else {
        break;
      }
    }
    return at;
  }

  // "a green and orange plum": colours go before, and an article before them.
  bool ends_described_phrase(std::size_t at) const {
    std::size_t i = at;
    while (i > 0 && class_at(i - 1, WordClass::kColour)) {
      --i;
      const bool joined = i > 1 && class_at(i - 2, WordClass::kColour) &&
                          (tokens_[i - 1].form == "and" || tokens_[i - 1].mark == Mark::kComma);
      if (joined) --i;
    }
    if (i == at || i == 0) return false;
    return class_at(i - 1, WordClass::kDeterminer) || class_at(i - 1, WordClass::kCount);
  }

  // "an orange" or "orange"?
  bool noun_not_colour(std::size_t at) const {
    const std::size_t behind = behind_colours(at + 1);
    if (behind > at + 1) return false;
    const bool more = behind < tokens_.size() && tokens_[behind].mark == Mark::kWord &&
                      tokens_[behind].sentence == tokens_[at].sentence;
    const Word* next = more ? word_at(behind) : nullptr;
    if (more && next == nullptr) return false;  // a noun, or "an orange striped cat"
    if (more && !ends_noun_phrase(next)) return false;
    if (at == 0 || tokens_[at - 1].mark != Mark::kWord) return false;
    if (ends_described_phrase(at)) return true;
    if (class_at(at - 1, WordClass::kDeterminer) || class_at(at - 1, WordClass::kCount)) {
      const std::string& before = tokens_[at - 1].form;
      return before != "some" && before != "all" && before != "both";
    }
    static constexpr std::array<std::string_view, 8> kShades = {"bright", "light", "dark",  "deep",
                                                                "pale",   "vivid", "burnt", "warm"};
    if (word_at(at - 1) != nullptr ||
        std::find(kShades.begin(), kShades.end(), tokens_[at - 1].form) != kShades.end())
      return false;
    return at > 1 &&
           (class_at(at - 2, WordClass::kDeterminer) || class_at(at - 2, WordClass::kCount));
  }

  bool is_thing(std::size_t at, const Found& noun, const Word* word) const {
    if (word == nullptr || noun.words > 1) return true;
    const bool form_is_ambiguous = word->is(WordClass::kAmbiguous);
    if (word->is(WordClass::kColour)) return noun_not_colour(at);
    if (word->is(WordClass::kPart) && (part_of_something(at) || !noun.form.own)) return false;
    if (form_is_ambiguous) return in_noun_phrase(at) && (noun.form.own || !is_frame_word(*word));
    if (word->is(WordClass::kPronoun) || word->is(WordClass::kCopula)) return false;
    return noun.form.own || !is_frame_word(*word);
  }

  static bool is_frame_word(const Word& word) {
    return word.is(WordClass::kPicture) || word.is(WordClass::kText) ||
           word.is(WordClass::kBackground) || word.is(WordClass::kGeneric) ||
           word.is(WordClass::kPreposition) || word.is(WordClass::kVerb);
  }

  std::size_t put(std::size_t at, std::size_t words, ItemKind kind) {
    Item item;
    item.kind = kind;
    item.first = at;
    item.last = at + words - 1;
    item.span = {tokens_[at].span.begin, tokens_[item.last].span.end};
    item.sentence = tokens_[at].sentence;
    item.possessive = tokens_[item.last].possessive;
    if (tokens_[at].mark == Mark::kWord) item.text = phrase(at, words);
    if (kind == ItemKind::kCount && item.value.empty()) item.value = item.text;
    items_.push_back(std::move(item));
    return at + words;
  }

  std::size_t put_noun(std::size_t at, const Found& noun) {
    const std::size_t next = put(at, noun.words, ItemKind::kNoun);
    items_.back().value = noun.noun;
    items_.back().number = noun.form.number;
    return next;
  }

  std::size_t put_word(std::size_t at, const Found& found) {
    const Word& word = *found.word;
    if (word.is(WordClass::kGeneric)) {
      const std::size_t next = put(at, found.words, ItemKind::kNoun);
      Item& item = items_.back();
      item.generic = true;
      item.value = item.text;
      item.number = item.text.ends_with('s') ? Number::kSeveral : Number::kOne;
      if (item.number == Number::kSeveral) item.value.pop_back();
      return next;
    }
    ItemKind kind = ItemKind::kOther;
    WordClass word_class = WordClass::kAdverb;
    const std::size_t behind = at + found.words;
    if (word.is(WordClass::kRelative) &&
        (class_at(behind, WordClass::kCopula) || class_at(behind, WordClass::kVerb)))
      return put(at, found.words, ItemKind::kRelative);
    for (const auto& [c, k] : kOrder)
      if (word.is(c)) {
        kind = k;
        word_class = c;
        break;
      }
    // "red-breasted" is no red.
    const bool glued = behind < tokens_.size() && tokens_[behind].hyphen_before;
    if (kind == ItemKind::kColour && glued && !class_at(behind, WordClass::kColour) &&
        tokens_[behind].form != "and" && !class_at(behind, WordClass::kAdverb) &&
        !is_colour_ending(tokens_[behind].form))
      kind = ItemKind::kOther;
    if (kind == ItemKind::kOther && word.is(WordClass::kCompound)) kind = ItemKind::kCompound;
    const std::size_t next = put(at, found.words, kind);
    items_.back().value = word.value(word_class);
    items_.back().negates = word.is(WordClass::kNegation);
    return next;
  }

  static bool is_colour_ending(std::string_view form) {
    return form == "coloured" || form == "colored" || form == "ish" || form == "toned" ||
           form == "hued";
  }

  const Lexicon& lexicon_ = Lexicon::get();
  const std::vector<Token>& tokens_;
  const std::vector<std::string>& names_;
  const bool title_case_ = [this] {  // "A Bird On A Box": capitals say nothing
    std::size_t capitals = 0, all = 0;
    for (const Token& token : tokens_)
      if (token.mark == Mark::kWord) {
        ++all;
        capitals += token.capital ? 1 : 0;
      }
    return all > 3 && capitals * 10 > all * 7;
  }();
  std::vector<Item> items_;
};

}  // namespace

std::optional<SpokenNumber> spoken_number(const Item& count) {
  SpokenNumber number;
  const char* end = count.value.data() + count.value.size();
  const auto read = std::from_chars(count.value.data(), end, number.count);
  if (read.ec != std::errc()) return std::nullopt;
  number.at_least = read.ptr != end;
  return number;
}

std::vector<Item> items_of(const std::vector<Token>& tokens,
                           const std::vector<std::string>& names) {
  return Builder(tokens, names).build();
}

}  // namespace kale::evaluate
