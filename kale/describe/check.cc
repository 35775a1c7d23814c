#include "kale/describe/check.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <vector>

#include "kale/describe/words.h"
#include "kale/text/sentences.h"

namespace kale::describe {
namespace {

using WordSet = std::set<std::string, std::less<>>;

constexpr std::size_t kSentencesMin = 2;
constexpr std::size_t kSentencesMax = 5;
constexpr std::size_t kWordsMax = 110;

void add_words(WordSet& set, std::string_view text) {
  for (std::string& word : words_of(text)) set.insert(std::move(word));
}

// What the lines of `section` and of [also section] allow, given what is known.
void add_section(WordSet& set, const Wording& wording, const std::string& section,
                 const Slots& slots) {
  for (const std::string& line : wording.lines(section))
    if (has_all_slots(line, slots)) add_words(set, bare_words(line));
  for (const std::string& line : wording.lines("also " + section)) add_words(set, line);
}

WordSet always_words(const Wording& wording) {
  WordSet words;
  for (const std::string& line : wording.lines("always")) add_words(words, line);
  return words;
}

WordSet licensed_words(const Plan& plan, const Wording& wording) {
  WordSet words = always_words(wording);
  Slots slots = plan_slots(plan);
  slots.erase("text");  // may be quoted, not said
  for (const auto& [slot, value] : slots) add_words(words, value);
  for (const auto& [slot, section] : phrase_sections(plan)) {
    add_section(words, wording, section, slots);
    slots[slot] = "";
  }
  slots["a_kind"] = "";
  slots["text"] = "";
  for (const std::string& section : sentence_sections(plan))
    add_section(words, wording, section, slots);
  if (!plan.hedged.empty())
    for (const std::string& hedge : wording.lines("hedges")) add_words(words, hedge);
  return words;
}

// Where the words `part` begin in `whole`, from `from` on.
std::optional<std::size_t> find_words(const Words& whole, const Words& part, std::size_t from = 0) {
  auto at = std::search(whole.begin() + static_cast<std::ptrdiff_t>(std::min(from, whole.size())),
                        whole.end(), part.begin(), part.end());
  if (part.empty() || at == whole.end()) return std::nullopt;
  return static_cast<std::size_t>(at - whole.begin());
}

// The name without its article.
Words name_words(std::string_view phrase) {
  Words words = words_of(phrase);
  if (!words.empty() && (words[0] == "a" || words[0] == "an")) words.erase(words.begin());
  return words;
}

std::string find_bare_name(const Words& sentence, const Plan& plan, const Wording& wording) {
  Words name = name_words(plan.hedged);
  Words flat = name_words(plan.flat);
  bool hedge_seen = false;
  for (std::size_t i = 0; i < sentence.size(); ++i) {
    for (const std::string& hedge : wording.lines("hedges")) {
      Words words = words_of(hedge);
      hedge_seen = hedge_seen ||
                   find_words({sentence.begin() + static_cast<std::ptrdiff_t>(i), sentence.end()},
                              words) == 0;
    }
    bool is_name = std::ranges::find(name, sentence[i]) != name.end();
    bool is_flat = std::ranges::find(flat, sentence[i]) != flat.end();
    bool is_colour = std::ranges::find(plan.colours, sentence[i]) != plan.colours.end();
    static const std::array<std::string_view, 5> kSmall{"of", "the", "and", "a", "or"};
    bool is_small = std::ranges::find(kSmall, sentence[i]) != kSmall.end();
    if (is_name && !is_flat && !is_colour && !is_small && !hedge_seen) return sentence[i];
  }
  return "";
}

// The colours that see measures, and the other spelling of one.
bool is_colour(std::string_view word) {
  static const std::array<std::string_view, 13> kColours{
      "black", "white", "grey", "gray",  "red",    "orange", "yellow",
      "green", "blue",  "pink", "brown", "purple", "beige"};
  return std::ranges::find(kColours, word) != kColours.end();
}

bool is_background_word(std::string_view word) {
  return word == "background" || word == "backdrop";
}

// "A bird, perhaps a jay, and it is a bird": a small model that has lost its way.
std::string find_renaming(const Words& sentence, const Plan& plan) {
  for (const std::string* phrase : {&plan.flat, &plan.hedged}) {
    Words name = words_of(*phrase);
    auto first = find_words(sentence, name);
    if (!name.empty() && first && find_words(sentence, name, *first + 1)) return *phrase;
  }
  return "";
}

// Is the word at `i` said of the background: "a plain white background", "the background is white"?
bool is_said_of_background(const Words& sentence, std::size_t i) {
  static const std::array<std::string_view, 12> kEnds{
      "against", "on", "with", "in", "is", "set", "shown", "of", "the", "it", "this", "while"};
  for (std::size_t j = i + 1; j < sentence.size() && j <= i + 3; ++j) {
    if (is_background_word(sentence[j])) return true;
    if (std::ranges::find(kEnds, sentence[j]) != kEnds.end()) break;
  }
  // "the background is a plain white": only linking words may stand between.
  static const std::array<std::string_view, 12> kLinks{
      "is", "that", "of", "in", "a", "an", "all", "mainly", "plain", "mostly", "even", "colour"};
  for (std::size_t j = i; j-- > 0;) {
    if (is_background_word(sentence[j])) return true;
    if (std::ranges::find(kLinks, sentence[j]) == kLinks.end()) return false;
  }
  return false;
}

// Complains about a colour that is said of the wrong thing or to the wrong extent.
std::string find_wrong_colour(const Words& sentence, const Plan& plan) {
  static const std::array<std::string_view, 7> kMost{
      "mostly", "mainly", "primarily", "predominantly", "entirely", "largely", "nearly"};
  static const std::array<std::string_view, 3> kSome{"some", "little", "parts"};
  // The name of a class may hold a colour: a "grey whale" says nothing of the background.
  Words names = name_words(plan.flat);
  for (std::string& word : name_words(plan.hedged)) names.push_back(std::move(word));
  for (std::size_t i = 0; i < sentence.size(); ++i) {
    const std::string& word = sentence[i];
    if (!is_colour(word)) continue;
    if (is_said_of_background(sentence, i)) {
      if (word != plan.background) return fmt::format("calls the background {}", word);
      continue;
    }
    bool in_name = std::ranges::find(names, word) != names.end();
    bool before_name =
        i + 1 < sentence.size() && std::ranges::find(names, sentence[i + 1]) != names.end();
    bool is_name = i > 0 && (sentence[i - 1] == "an" || sentence[i - 1] == "the");  // "an orange"
    auto at = std::ranges::find(plan.colours, word);
    if (at == plan.colours.end()) {
      if (in_name && (before_name || is_name)) continue;
      return fmt::format("calls the subject {}", word);
    }
    bool first = at == plan.colours.begin();
    for (std::size_t back = 1; back <= 2 && back <= i; ++back) {
      const std::string& before = sentence[i - back];
      if (back == 2 && is_colour(sentence[i - 1])) break;
      if (!first && std::ranges::find(kMost, before) != kMost.end())
        return fmt::format("says mostly {}", word);
      if (first && std::ranges::find(kSome, before) != kSome.end())
        return fmt::format("says some {}", word);
    }
  }
  return "";
}

// What is measured of the subject must not be said of the background or of the picture around it.
std::string find_wrong_subject(const Words& sentence, const Plan& plan) {
  static const std::array<std::string_view, 8> kFrames{
      "picture", "image", "photo", "photograph", "drawing", "illustration", "frame", "view"};
  static const std::array<std::string_view, 10> kSaidOfSubject{
      "it",     "fills",   "covers",  "covering", "takes",
      "taking", "filling", "centred", "middle",   "centre"};
  static const std::array<std::string_view, 4> kSaidOfPicture{"of", "about", "taller", "wider"};
  if (plan.background.empty()) return "";
  bool of_background = false;
  for (std::size_t i = 0; i < sentence.size(); ++i) {
    bool begins = i == 1 || (i >= 2 && sentence[i - 2] == "and");
    if (is_background_word(sentence[i]) && begins && sentence[i - 1] == "the") of_background = true;
    if (of_background && std::ranges::find(kSaidOfSubject, sentence[i]) != kSaidOfSubject.end())
      return fmt::format("says \"{}\" of the background", sentence[i]);
    bool frame = std::ranges::find(kFrames, sentence[i]) != kFrames.end();
    bool this_one = i == 1 && sentence[0] == "this";
    if (!frame || !(begins || this_one) || i + 2 >= sentence.size()) continue;
    bool is = sentence[i + 1] == "is";
    bool seems = sentence[i + 1] == "appears" || sentence[i + 1] == "looks";
    if (seems || (is && std::ranges::find(kSaidOfPicture, sentence[i + 2]) == kSaidOfPicture.end()))
      return fmt::format("says of the {} what is so of the subject", sentence[i]);
  }
  return "";
}

// Word runs that come back: small models circle. A long run is a flaw, a short one a blemish.
struct Repeats {
  bool has_long = false;
  int short_ones = 0;
};
Repeats count_repeats(const Words& words) {
  constexpr std::size_t kLong = 6;
  constexpr std::size_t kShort = 3;
  Repeats repeats;
  for (std::size_t i = 0; i + kShort <= words.size(); ++i) {
    for (std::size_t j = i + 1; j + kShort <= words.size(); ++j) {
      std::size_t same = 0;
      while (j + same < words.size() && words[i + same] == words[j + same]) ++same;
      repeats.has_long = repeats.has_long || same >= kLong;
      if (same >= kShort) ++repeats.short_ones;
    }
  }
  return repeats;
}

std::string find_bad_grammar(const Words& sentence) {
  for (std::size_t i = 1; i < sentence.size(); ++i) {
    const std::string& before = sentence[i - 1];
    const std::string& word = sentence[i];
    if ((word == "centre" || word == "middle") && before != "the") return before + " " + word;
    if ((before == "a" || before == "an") && with_article(word) != before + " " + word)
      return before + " " + word;
  }
  return "";
}

bool says_any(const WordSet& said, const WordSet& wanted) {
  return std::ranges::any_of(wanted, [&](const std::string& word) { return said.contains(word); });
}

// One point for each fact that is told; the subject, its first colour and a text must be.
Verdict score_facts(const WordSet& said, const Words& all, const std::vector<std::string>& quotes,
                    const Plan& plan, const Wording& wording) {
  Verdict verdict;
  auto tells_name = [&](const std::string& phrase) {
    return find_words(all, name_words(phrase)).has_value();
  };
  bool named = (plan.flat.empty() && plan.hedged.empty()) || tells_name(plan.flat) ||
               tells_name(plan.hedged);
  if (!named) return {.reason = "does not name the subject"};
  if (!plan.text.empty() && quotes.empty()) return {.reason = "does not quote the text"};
  if (!plan.colours.empty() && !said.contains(plan.colours[0]))
    return {.reason = fmt::format("does not say {}", plan.colours[0])};
  if (!plan.flat.empty() && tells_name(plan.flat)) verdict.score += 1;
  if (!plan.hedged.empty() && tells_name(plan.hedged)) verdict.score += 1;
  for (const std::string& colour : plan.colours)
    if (said.contains(colour)) verdict.score += 1;
  if (!plan.background.empty() && said.contains("background") && said.contains(plan.background))
    verdict.score += 1;
  WordSet always = always_words(wording);
  for (const auto& [slot, section] : phrase_sections(plan)) {
    if (slot != "place" && slot != "size" && slot != "frame" && slot != "kind") continue;
    WordSet wanted;
    for (const std::string& line : wording.lines(section)) add_words(wanted, bare_words(line));
    for (const std::string& word : always) wanted.erase(word);
    if (says_any(said, wanted)) verdict.score += 1;
  }
  if (!plan.brightness.empty() && said.contains(plan.brightness)) verdict.score += 1;
  verdict.passed = true;
  return verdict;
}

}  // namespace

Verdict check_caption(std::string_view caption, const Plan& plan, const Wording& wording) {
  auto fails = [](std::string reason) { return Verdict{.reason = std::move(reason)}; };
  std::vector<std::string> quotes;
  std::optional<std::string> unquoted = take_quotes(caption, quotes);
  if (!unquoted) return fails("leaves a quotation open");
  for (const std::string& quote : quotes)
    if (words_of(quote) != words_of(plan.text)) return fails(fmt::format("quotes \"{}\"", quote));

  std::vector<Words> told;
  for (std::string_view sentence : kale::sentences(*unquoted)) {
    told.push_back(words_of(sentence));
    for (std::size_t i = 0; i + 1 < told.size(); ++i)
      if (told[i] == told.back()) return fails("says a sentence twice");
  }
  if (told.size() < kSentencesMin || told.size() > kSentencesMax)
    return fails(fmt::format("has {} sentences", told.size()));

  WordSet licensed = licensed_words(plan, wording);
  Words all;
  for (const Words& sentence : told) {
    for (const std::string& word : sentence)
      if (!licensed.contains(word)) return fails(fmt::format("says \"{}\"", word));
    std::string colour = find_wrong_colour(sentence, plan);
    if (!colour.empty()) return fails(colour);
    std::string grammar = find_bad_grammar(sentence);
    if (!grammar.empty()) return fails(fmt::format("says \"{}\"", grammar));
    std::string wrong = find_wrong_subject(sentence, plan);
    if (!wrong.empty()) return fails(wrong);
    std::string renamed = find_renaming(sentence, plan);
    if (!renamed.empty()) return fails(fmt::format("names {} twice in a sentence", renamed));
    std::string bare = find_bare_name(sentence, plan, wording);
    if (!bare.empty()) return fails(fmt::format("is too sure of \"{}\"", bare));
    all.insert(all.end(), sentence.begin(), sentence.end());
  }
  if (all.size() > kWordsMax) return fails(fmt::format("has {} words", all.size()));
  Repeats repeats = count_repeats(all);
  if (repeats.has_long) return fails("says the same twice");
  Verdict verdict = score_facts(WordSet(all.begin(), all.end()), all, quotes, plan, wording);
  auto backgrounds = std::ranges::count_if(all, is_background_word);
  verdict.score -= 0.5 * repeats.short_ones;
  verdict.score -= static_cast<double>(std::max<std::ptrdiff_t>(0, backgrounds - 1));
  for (const std::string& colour : plan.colours)
    verdict.score -=
        0.7 * static_cast<double>(std::max<std::ptrdiff_t>(0, std::ranges::count(all, colour) - 1));
  verdict.score -= 0.4 * static_cast<double>(told.size());  // flowing rather than choppy
  return verdict;
}

}  // namespace kale::describe
