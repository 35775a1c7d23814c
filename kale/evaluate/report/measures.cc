#include "kale/evaluate/report/measures.h"

#include <algorithm>
#include <tuple>
#include <unordered_map>

#include "kale/clean/artifacts.h"
#include "kale/clean/texts.h"
#include "kale/core/check.h"
#include "kale/evaluate/overlap/grams.h"
#include "kale/text/facts.h"
#include "kale/text/repetition.h"
#include "kale/text/sentences.h"
#include "kale/text/utf8.h"
#include "kale/text/words.h"

namespace kale::evaluate {
namespace {

Ratio share(std::int64_t part, std::int64_t whole) {
  return {static_cast<double>(part), static_cast<double>(whole)};
}
Ratio one(double value) { return {value, 1}; }

Ratio claim_errors(const Judgement& judged, ClaimKind kind) {
  return share(judged.errors(kind), judged.count(kind));
}

std::int64_t all_errors(const Judgement& judged) {
  return std::count_if(judged.claims.begin(), judged.claims.end(),
                       [](const JudgedClaim& claim) { return is_error(claim.verdict); });
}

Ratio near_texts(const Judgement& judged) {
  const auto near =
      std::count_if(judged.claims.begin(), judged.claims.end(), [](const JudgedClaim& claim) {
        return claim.kind == ClaimKind::kText && claim.verdict == Verdict::kNear;
      });
  return share(near, judged.errors(ClaimKind::kText));
}

Ratio facts_of_kind(const Judgement& judged, FactKind kind) {
  Ratio ratio;
  for (const Fact& fact : judged.facts)
    if (fact.kind == kind) {
      ratio.numerator += fact.told ? 1 : 0;
      ratio.denominator += 1;
    }
  return ratio;
}

void add_truth(const Measured& measured, std::vector<Ratio>& all) {
  const Judgement& judged = *measured.judgement;
  const world::AltText& alt = measured.row->truth->alt_text;
  all.push_back(claim_errors(judged, ClaimKind::kThing));
  all.push_back(one(judged.errors(ClaimKind::kThing) > 0 ? 1 : 0));
  for (const ClaimKind kind : {ClaimKind::kCount, ClaimKind::kColour, ClaimKind::kRelation,
                               ClaimKind::kBackground, ClaimKind::kText})
    all.push_back(claim_errors(judged, kind));
  all.push_back(near_texts(judged));
  all.push_back(claim_errors(judged, ClaimKind::kNumber));
  all.push_back(one(static_cast<double>(all_errors(judged))));
  all.push_back(one(all_errors(judged) == 0 ? 1 : 0));
  all.push_back(share(judged.facts_told(), static_cast<std::int64_t>(judged.facts.size())));
  for (std::size_t kind = 0; kind < kFactKinds; ++kind)
    all.push_back(facts_of_kind(judged, static_cast<FactKind>(kind)));
  all.push_back(share(static_cast<std::int64_t>(judged.names_kept.size()),
                      static_cast<std::int64_t>(alt.true_names.size())));
  all.push_back(share(static_cast<std::int64_t>(judged.false_names.size()),
                      static_cast<std::int64_t>(alt.false_names.size())));
  all.push_back(claim_errors(judged, ClaimKind::kName));
}

void add_overlap(const Measured& measured, std::vector<Ratio>& all) {
  if (!measured.overlap) {
    all.insert(all.end(), 3, Ratio{});
    return;
  }
  all.push_back(one(measured.overlap->cider_d));
  all.push_back(one(measured.overlap->rouge_l));
  all.push_back(one(measured.overlap->meteor_exact));
}

bool leaks(std::string_view caption, std::string_view alt_text) {
  static const ArtifactWords words(clean_texts::artifact_words);
  for (const std::string_view sentence : sentences(caption))
    if (!words.leaked(sentence, alt_text).empty()) return true;
  return false;
}

void add_form(const Measured& measured, std::vector<Ratio>& all) {
  const std::string& alt_text = measured.row->alt_text;
  all.push_back(one(static_cast<double>(word_count(measured.caption))));
  all.push_back(one(static_cast<double>(sentences(measured.caption).size())));
  const Facts facts = facts_of(alt_text);
  all.push_back(
      share(facts_kept(facts, measured.caption), static_cast<std::int64_t>(facts.size())));
  all.push_back(alt_text.empty() ? Ratio{}
                                 : one(static_cast<double>(
                                       facts_invented(measured.caption, {alt_text}).size())));
  all.push_back(one(leaks(measured.caption, alt_text) ? 1 : 0));
  all.push_back(one(is_repetitive(measured.caption) ? 1 : 0));
}

constexpr std::size_t kTruthMeasures = 22;

}  // namespace

const std::vector<MeasureInfo>& measure_table() {
  using enum Good;
  static const std::vector<MeasureInfo> table = {
      {"chair_i", "errors", "things mentioned that are not there", kLess},
      {"chair_s", "errors", "captions that mention such a thing", kLess},
      {"count_errors", "errors", "wrong counts, of all told", kLess},
      {"colour_errors", "errors", "wrong colours", kLess},
      {"relation_errors", "errors", "wrong relations", kLess},
      {"background_errors", "errors", "wrong colours of the background", kLess},
      {"text_errors", "errors", "quotations that differ from what is written", kLess},
      {"text_near", "errors", "of these, those that differ by a few letters only", kNeither},
      {"number_errors", "errors", "wrong numbers", kLess},
      {"wrong_claims", "errors", "wrong claims a caption", kLess, false},
      {"all_true", "errors", "captions without a wrong claim", kMore},
      {"facts_told", "facts", "facts of the picture that are told", kMore},
      {"kinds_told", "facts", "kinds of things", kMore},
      {"counts_told", "facts", "counts of things that are there more than once", kMore},
      {"colours_told", "facts", "main colours of things", kMore},
      {"relations_told", "facts", "pairs of kinds whose relation is told", kMore},
      {"texts_told", "facts", "texts, values of charts aside", kMore},
      {"backgrounds_told", "facts", "colours of backgrounds", kMore},
      {"values_told", "facts", "bars of charts with their values", kMore},
      {"names_kept", "names", "true names of the alt-text that the caption has", kMore},
      {"false_names", "names", "false names of the alt-text that it repeats", kLess},
      {"names_wrong", "names", "names told that are false or invented", kLess},
      {"cider_d", "overlap", "CIDEr-D", kMore, false},
      {"rouge_l", "overlap", "ROUGE-L", kMore, false},
      {"meteor_exact", "overlap", "METEOR, exact stage, mean over captions", kMore, false},
      {"words", "form", "words a caption", kNeither, false},
      {"sentences", "form", "sentences a caption", kNeither, false},
      {"alt_facts_kept", "form", "names and numbers of the alt-text that the caption has", kMore},
      {"alt_facts_beyond", "form", "names and numbers a caption that the alt-text lacks", kNeither,
       false},
      {"leaks", "form", "captions with a leaked sentence", kLess},
      {"repetitive", "form", "captions that repeat themselves", kLess},
  };
  return table;
}

std::vector<Ratio> measure(const Measured& measured) {
  std::vector<Ratio> all;
  if (measured.caption.empty()) return std::vector<Ratio>(measure_table().size());
  if (measured.judgement) {
    add_truth(measured, all);
  } else {
    all.resize(kTruthMeasures);
  }
  add_overlap(measured, all);
  add_form(measured, all);
  KALE_CHECK(all.size() == measure_table().size(), "every measure has its row of the table");
  return all;
}

namespace {

// Words by their numbers, caption after caption.
struct NumberedCaptions {
  std::unordered_map<std::string, TokenNumber> numbers;
  std::vector<TokenNumber> words;
  std::vector<std::size_t> ends;  // of each caption in `words`

  void add(std::string_view form) {
    for (const std::string_view word : kale::words(form))
      words.push_back(numbers.emplace(std::string(word), static_cast<TokenNumber>(numbers.size()))
                          .first->second);
    ends.push_back(words.size());
  }

  // Of all runs of so many words.
  double distinct_share(int size) const {
    std::vector<Gram> grams;
    std::size_t begin = 0;
    for (const std::size_t end : ends) {
      const TokenSpan caption = TokenSpan(words).subspan(begin, end - begin);
      for (std::size_t at = 0; at + static_cast<std::size_t>(size) <= caption.size(); ++at)
        grams.push_back(gram_of(caption, at, size));
      begin = end;
    }
    if (grams.empty()) return 0;
    const auto all = static_cast<double>(grams.size());
    std::sort(grams.begin(), grams.end(), [](const Gram& a, const Gram& b) {
      return std::tie(a.first, a.second) < std::tie(b.first, b.second);
    });
    grams.erase(std::unique(grams.begin(), grams.end()), grams.end());
    return static_cast<double>(grams.size()) / all;
  }
};

}  // namespace

CorpusMeasures corpus_measures(const std::vector<Measured>& all) {
  CorpusMeasures corpus;
  NumberedCaptions numbered;
  std::unordered_map<std::string, std::int64_t> same;
  for (const Measured& measured : all) {
    if (measured.caption.empty()) continue;
    ++corpus.captions;
    std::string form = normal_form(measured.caption);
    numbered.add(form);
    ++same[std::move(form)];
  }
  corpus.words = static_cast<std::int64_t>(numbered.words.size());
  corpus.vocabulary = static_cast<std::int64_t>(numbered.numbers.size());
  for (int size = 1; size <= kGramWordsMax; ++size)
    corpus.distinct_grams.push_back(numbered.distinct_share(size));
  for (const auto& [caption, rows] : same) {
    if (rows < 2) continue;
    corpus.captions_shared += rows;
    const bool more = rows > corpus.most_shared_rows ||
                      (rows == corpus.most_shared_rows && caption < corpus.most_shared);
    if (!more) continue;
    corpus.most_shared_rows = rows;
    corpus.most_shared = caption;
  }
  return corpus;
}

}  // namespace kale::evaluate
