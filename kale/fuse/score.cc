#include "kale/fuse/score.h"

#include <re2/re2.h>

#include <algorithm>
#include <array>

#include "kale/core/check.h"
#include "kale/text/lists.h"
#include "kale/text/sentences.h"
#include "kale/text/utf8.h"
#include "kale/text/words.h"

namespace kale {
namespace {

constexpr double kFactWeight = 3;
constexpr double kAltWeight = 1;
constexpr double kDenseWeight = 2;
constexpr double kInventedCost = 2;
constexpr double kNovelCost = 3;
constexpr double kGuessCost = 2;
constexpr double kTwiceCost = 0.5;  // the same word again in one sentence
constexpr std::size_t kShortTitleWords = 4;
constexpr double kShortTitleShareMin = 0.6;
constexpr std::size_t kShortReplyWords = 10;  // of content; one new word there is an invention

double share(std::int64_t part, std::size_t whole) {
  return whole == 0 ? 1 : static_cast<double>(part) / static_cast<double>(whole);
}

std::int64_t shared(const std::set<std::string>& wanted, const std::set<std::string>& there) {
  return std::count_if(wanted.begin(), wanted.end(),
                       [&](const auto& word) { return there.contains(word); });
}

bool has_doubled_word(std::string_view text) {
  const auto all = words(text);
  for (std::size_t i = 1; i < all.size(); ++i)
    if (normal_form(all[i]) == normal_form(all[i - 1]) && !has_digit(all[i])) return true;
  return false;
}

// Words of the dense caption for what it could not name; the alt-text's name takes their place.
constexpr std::array<std::string_view, 5> kPlaceholders = {"name", "something", "subject", "object",
                                                           "unidentified"};

// "A photograph of a fox is shown in this photo." says it is a picture once too often.
std::int64_t kind_mentions(std::string_view text) {
  static const std::set<std::string> kinds =
      stems("photograph photo picture image drawing illustration");
  std::int64_t mentions = 0;
  for (const std::string_view word : words(text)) mentions += kinds.contains(stem(word)) ? 1 : 0;
  return mentions;
}

// What kind of picture it is was measured; a reply may not say otherwise.
bool changes_kind(const std::set<std::string>& said, const std::set<std::string>& known) {
  static const std::array<std::set<std::string>, 3> kinds = {
      stems("photograph photo photographed"), stems("drawing drawn illustration sketch cartoon"),
      stems("painting painted")};
  return std::any_of(kinds.begin(), kinds.end(), [&](const auto& kind) {
    return shared(kind, said) > 0 && shared(kind, known) == 0;
  });
}

// "an eat your broccoli": an order taken for a name.
bool has_broken_phrase(std::string_view text) {
  static const RE2 broken(R"((?i)\b(?:an?) [a-z]+ (?:your|my|our|the|an?)\b)");
  return RE2::PartialMatch(text, broken);
}

bool keeps_placeholder(std::string_view candidate, const std::set<std::string>& alt_stems) {
  for (const std::string_view word : words(candidate)) {
    const std::string form = normal_form(word);
    const bool placeholder =
        std::find(kPlaceholders.begin(), kPlaceholders.end(), form) != kPlaceholders.end();
    if (placeholder && !alt_stems.contains(stem(form))) return true;
  }
  return false;
}

}  // namespace

std::string_view verdict_name(Verdict verdict) {
  switch (verdict) {
    case Verdict::kPasses:
      return "passes";
    case Verdict::kLostHead:
      return "lost_head";
    case Verdict::kFewFacts:
      return "few_facts";
    case Verdict::kInvented:
      return "invented";
    case Verdict::kNovel:
      return "novel";
    case Verdict::kLostDense:
      return "lost_dense";
    case Verdict::kGuess:
      return "guess";
    case Verdict::kClumsy:
      return "clumsy";
  }
  check_failed("verdict", "a verdict without a name");
}

Scorer::Scorer(std::string_view hedges, std::string_view frame_words, ScoreLimits limits,
               std::string_view examples)
    : hedges_(hedges), examples_(content_stems(examples)), limits_(limits) {
  for (const auto& line : list_lines(frame_words)) frame_.merge(stems(line));
}

Score Scorer::score(std::string_view candidate, const AltText& alt, std::string_view dense) const {
  const auto said = stems(candidate);
  const auto said_content = content_stems(candidate);
  const auto alt_stems = stems(alt.text);
  const auto dense_stems = stems(dense);
  std::set<std::string> known = alt_stems;
  known.insert(dense_stems.begin(), dense_stems.end());
  auto guessed = hedges_.guessed(dense);
  std::erase_if(guessed, [&](const auto& word) { return alt_stems.contains(word); });

  auto dense_content = content_stems(dense);
  for (const std::string_view word : kPlaceholders) dense_content.erase(stem(word));
  std::erase_if(dense_content,
                [&](const auto& word) { return guessed.contains(word) || frame_.contains(word); });
  const auto novel = std::count_if(said_content.begin(), said_content.end(), [&](const auto& word) {
    return !known.contains(word) && !frame_.contains(word);
  });

  const bool leaks = std::any_of(said_content.begin(), said_content.end(), [&](const auto& word) {
    return examples_.contains(word) && !known.contains(word) && !frame_.contains(word);
  });

  Score result;
  result.facts_kept = alt_facts_kept(alt, candidate);
  result.facts_invented =
      static_cast<std::int64_t>(facts_invented(candidate, {alt.text, dense}).size());
  const double facts_share = share(result.facts_kept, static_cast<std::size_t>(alt.facts_total()));
  const auto alt_content = content_stems(alt.text);
  const double alt_share = share(shared(alt_content, said), alt_content.size());
  const double dense_share = share(shared(dense_content, said), dense_content.size());
  const auto twice = static_cast<std::int64_t>(content_words(candidate).size()) -
                     static_cast<std::int64_t>(said_content.size());
  const double novel_share = share(novel, std::max<std::size_t>(said_content.size(), 1));
  const auto repeated = shared(guessed, said);

  result.novel = novel;
  result.dense_share = dense_share;
  result.value = kFactWeight * facts_share + kAltWeight * alt_share + kDenseWeight * dense_share -
                 kInventedCost * static_cast<double>(result.facts_invented) -
                 kNovelCost * novel_share - kGuessCost * static_cast<double>(repeated) -
                 kTwiceCost * static_cast<double>(twice);
  // In a long title the first noun is often a shop's or an agency's, so it alone decides nothing.
  const bool short_title = alt.facts.size() == 0 || alt_content.size() <= kShortTitleWords;
  if (short_title && !states_head(alt, candidate))
    result.verdict = Verdict::kLostHead;
  else if (facts_share < limits_.facts_share_min ||
           (short_title && alt_share < kShortTitleShareMin))
    result.verdict = Verdict::kFewFacts;
  else if (result.facts_invented > 0)
    result.verdict = Verdict::kInvented;
  else if (leaks || novel_share > limits_.novel_share_max || changes_kind(said, known) ||
           (novel > 0 && said_content.size() <= kShortReplyWords))
    result.verdict = Verdict::kNovel;
  else if (dense_share < limits_.dense_share_min)
    result.verdict = Verdict::kLostDense;
  else if (repeated > 0)
    result.verdict = Verdict::kGuess;
  else if (has_doubled_word(candidate) || has_broken_phrase(candidate) ||
           !ends_complete(candidate) || keeps_placeholder(candidate, alt_stems) ||
           kind_mentions(candidate) > kind_mentions(dense) + kind_mentions(alt.text))
    result.verdict = Verdict::kClumsy;
  return result;
}

}  // namespace kale
