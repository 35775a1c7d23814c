#include "kale/evaluate/overlap/overlap.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <set>
#include <tuple>

#include "kale/core/rng.h"
#include "kale/evaluate/overlap/grams.h"
#include "kale/evaluate/overlap/meteor.h"
#include "kale/evaluate/overlap/rouge.h"

namespace kale {
namespace {

std::int64_t resident_bytes() {
  std::ifstream pages("/proc/self/statm");
  std::int64_t all = 0, resident = 0;
  pages >> all >> resident;
  return resident * ::getpagesize();
}

OverlapReport scored(const std::vector<Candidate>& candidates, int threads = 1) {
  const Result<OverlapReport> report = score_overlap(candidates, {.threads = threads});
  EXPECT_TRUE(report) << (report ? "" : report.error().message);
  return *report;
}

TEST(Overlap, TheSameTextScoresFull) {
  const OverlapReport report =
      scored({{"1", "A dog runs on grass.", {"a dog runs on grass"}},
              {"2", "Two red cups stand here", {"two red cups stand here"}}});
  for (const OverlapScores& scores : report.captions) {
    for (const double bleu : scores.bleu) EXPECT_NEAR(bleu, 1, 1e-8);
    EXPECT_NEAR(scores.rouge_l, 1, 1e-12);
    EXPECT_NEAR(scores.cider_d, 10, 1e-12);
    EXPECT_EQ(scores.meteor_exact, 1);
  }
  EXPECT_EQ(report.corpus.meteor_exact, 1);
}

TEST(Overlap, NothingInCommonScoresNothing) {
  const OverlapReport report = scored({{"1", "a dog", {"the cat"}}, {"2", "one", {"two three"}}});
  EXPECT_LT(report.corpus.bleu[0], 1e-14);
  EXPECT_EQ(report.corpus.rouge_l, 0);
  EXPECT_EQ(report.corpus.cider_d, 0);
  EXPECT_EQ(report.corpus.meteor_exact, 0);
}

// Caption "a b c d", reference "a b x d e": 3 of 4 words, 1 of 3 pairs, no triple; 4 words to 5.
TEST(Overlap, BleuByHand) {
  const OverlapReport report = scored({{"1", "a b c d", {"a b x d e"}}});
  const double brevity = std::exp(1 - 5.0 / 4);
  EXPECT_NEAR(report.corpus.bleu[0], 3.0 / 4 * brevity, 1e-8);
  EXPECT_NEAR(report.corpus.bleu[1], std::sqrt(3.0 / 4 / 3) * brevity, 1e-8);
  EXPECT_LT(report.corpus.bleu[2], 1e-4);
}

TEST(Overlap, BleuTakesTheClosestReferenceAndClipsByTheBest) {
  // "b b" is covered by the second reference; of lengths 1 and 3 the shorter is as close.
  const OverlapReport report = scored({{"1", "b b", {"b", "b b x"}}});
  EXPECT_NEAR(report.corpus.bleu[0], 1, 1e-8);
}

// Longest common subsequence "a b d": precision 3/4, recall 3/5.
TEST(Overlap, RougeByHand) {
  const OverlapReport report = scored({{"1", "a b c d", {"a b x d e"}}});
  const double p = 3.0 / 4, r = 3.0 / 5, weight = 1.2 * 1.2;
  EXPECT_NEAR(report.corpus.rouge_l, (1 + weight) * p * r / (r + weight * p), 1e-12);
}

// Two candidates; "a" stands in the references of both and weighs nothing. Of the first, unigram
// cosine: b and c weigh ln 2 each; caption "a b", reference "a b c": 1 / (1 * sqrt 2). Its pair
// "a b" of the reference's two: 1 / sqrt 2. Longer grams: none in the caption. Pairs: 1 and 2.
TEST(Overlap, CiderByHand) {
  const OverlapReport report = scored({{"1", "a b", {"a b c"}}, {"2", "x", {"a y"}}});
  const double penalty = std::exp(-1.0 / 72);
  const double expected = 10 * (2 / std::sqrt(2.0)) / 4 * penalty;
  EXPECT_NEAR(report.captions[0].cider_d, expected, 1e-12);
  EXPECT_EQ(report.captions[1].cider_d, 0);
  EXPECT_NEAR(report.corpus.cider_d, expected / 2, 1e-12);
}

// "on the mat sat the cat" against "the cat sat on the mat": all six match, in three chunks.
TEST(Overlap, MeteorByHand) {
  const OverlapReport report =
      scored({{"1", "on the mat sat the cat", {"dogs", "the cat sat on the mat"}}});
  EXPECT_NEAR(report.corpus.meteor_exact, 1 - 0.6 * std::pow(3.0 / 6, 0.2), 1e-12);
}

TEST(Overlap, MeteorPrefersFewChunks) {
  MeteorScorer scorer;
  const std::vector<TokenNumber> caption = {1, 2, 3, 1, 4}, reference = {9, 1, 4, 1, 2};
  const MeteorCounts counts = scorer.align(caption, reference);
  EXPECT_EQ(counts.matches, 4);
  EXPECT_EQ(counts.chunks, 2);
}

// Meteor's search as it is written down: all ways on from each of the best 40, then sorted.
struct Way {
  std::int64_t matches = 0, chunks = 0, distance = 0, open = -1;
  std::set<std::size_t> taken;
};

MeteorCounts searched_plainly(const std::vector<TokenNumber>& caption,
                              const std::vector<TokenNumber>& reference) {
  std::vector<Way> ways(1);
  for (std::size_t place = 0; place < reference.size() + 2; ++place) {
    std::stable_sort(ways.begin(), ways.end(), [](const Way& a, const Way& b) {
      return std::tuple(-a.matches, a.chunks, a.distance) <
             std::tuple(-b.matches, b.chunks, b.distance);
    });
    if (ways.size() > 40) ways.resize(40);
    std::vector<Way> next;
    for (Way way : ways) {
      const auto same = [&](std::size_t i) {
        return place < reference.size() && caption[i] == reference[place];
      };
      std::size_t matching = 0;
      for (std::size_t i = 0; i < caption.size(); ++i) matching += same(i) ? 1 : 0;
      const bool once =
          matching == 1 && std::count(reference.begin(), reference.end(), reference[place]) == 1;
      for (std::size_t i = 0; i < caption.size(); ++i) {
        if (!same(i) || way.taken.contains(i)) continue;
        const auto at = static_cast<std::int64_t>(i);
        const std::int64_t distance = std::abs(static_cast<std::int64_t>(place) - at);
        Way made = way;
        made.taken.insert(i);
        ++made.matches;
        if (made.open >= 0 && made.open != at) ++made.chunks;
        made.open = at + 1;
        if (once) made.distance += distance;
        next.push_back(made);
        way.distance += distance;
      }
      if (once) continue;
      if (way.open >= 0) ++way.chunks;
      way.open = -1;
      next.push_back(way);
    }
    ways = std::move(next);
  }
  return {.matches = ways.front().matches, .chunks = ways.front().chunks};
}

TEST(Overlap, MeteorKeepsTheWaysThatMeteorKeeps) {
  Rng rng(11);
  MeteorScorer scorer;
  for (int round = 0; round < 100; ++round) {
    const std::uint64_t kinds = 1 + rng.below(8);
    std::vector<TokenNumber> caption(1 + rng.below(24)), reference(1 + rng.below(24));
    for (auto* text : {&caption, &reference})
      for (TokenNumber& token : *text) token = static_cast<TokenNumber>(rng.below(kinds));
    const MeteorCounts found = scorer.align(caption, reference);
    const MeteorCounts plain = searched_plainly(caption, reference);
    ASSERT_EQ(found.matches, plain.matches) << round;
    ASSERT_TRUE(found.chunks == 0 || found.chunks == plain.chunks) << round;
  }
}

// A caption of one word over and over once took memory by the square of its length.
TEST(Overlap, MeteorOfAWordSaidOverAndOverStaysSmall) {
  const std::vector<TokenNumber> caption(8000, 1), reference(40, 1);
  MeteorScorer scorer;
  const std::int64_t before = resident_bytes();
  EXPECT_EQ(scorer.align(caption, reference).matches, 40);
  EXPECT_LT(resident_bytes() - before, std::int64_t{32} << 20);
}

TEST(Overlap, AnEmptyCaptionIsScored) {
  const OverlapReport report = scored({{"1", "", {"a dog"}}, {"2", "...", {"?"}}});
  EXPECT_LT(report.captions[0].bleu[0], 1e-6);
  EXPECT_EQ(report.captions[0].rouge_l, 0);
  EXPECT_NEAR(report.captions[1].rouge_l, 1, 1e-12);  // pycocoevalcap: two empty tokens agree
  EXPECT_EQ(report.captions[0].meteor_exact, 0);
}

TEST(Overlap, RefusesWhatItCannotScore) {
  EXPECT_EQ(score_overlap(std::vector<Candidate>{{"x7", "a", {}}}).error().code, Code::kBadConfig);
  EXPECT_NE(score_overlap(std::vector<Candidate>{{"x7", "a", {}}}).error().message.find("x7"),
            std::string::npos);
  const std::vector<Candidate> many = {{"x8", "a", std::vector<std::string>(kReferencesMax + 1)}};
  EXPECT_EQ(score_overlap(many).error().code, Code::kLimit);
  const std::vector<Candidate> big = {{"x9", std::string(kCaptionBytesMax + 1, 'a'), {"a"}}};
  EXPECT_EQ(score_overlap(big).error().code, Code::kLimit);
  EXPECT_TRUE(scored({}).captions.empty());
}

std::vector<Candidate> random_candidates(std::size_t size) {
  Rng rng(7);
  const auto text = [&] {
    std::string words;
    for (std::uint64_t i = rng.below(12) + 1; i > 0; --i)
      words += std::string(1, static_cast<char>('a' + rng.below(6))) + " ";
    return words;
  };
  std::vector<Candidate> candidates;
  for (std::size_t i = 0; i < size; ++i)
    candidates.push_back({std::to_string(i), text(), {text(), text(), text()}});
  return candidates;
}

TEST(Overlap, ThreadsChangeNoBit) {
  const std::vector<Candidate> candidates = random_candidates(2000);
  const OverlapReport one = scored(candidates, 1), three = scored(candidates, 3);
  EXPECT_EQ(one.corpus.cider_d, three.corpus.cider_d);
  EXPECT_EQ(one.corpus.bleu, three.corpus.bleu);
  EXPECT_EQ(one.corpus.rouge_l, three.corpus.rouge_l);
  EXPECT_EQ(one.corpus.meteor_exact, three.corpus.meteor_exact);
  for (std::size_t i = 0; i < candidates.size(); ++i)
    ASSERT_EQ(one.captions[i].cider_d, three.captions[i].cider_d) << i;
}

TEST(Overlap, CommonSubsequencesAreThoseOfTheTable) {
  Rng rng(3);
  RougeScorer rouge;
  for (int round = 0; round < 200; ++round) {
    std::vector<TokenNumber> a(rng.below(150)), b(rng.below(150));
    for (TokenNumber& token : a) token = static_cast<TokenNumber>(rng.below(5));
    for (TokenNumber& token : b) token = static_cast<TokenNumber>(rng.below(5));
    std::vector<std::vector<std::size_t>> table(a.size() + 1,
                                                std::vector<std::size_t>(b.size() + 1));
    for (std::size_t i = 0; i < a.size(); ++i)
      for (std::size_t j = 0; j < b.size(); ++j)
        table[i + 1][j + 1] =
            a[i] == b[j] ? table[i][j] + 1 : std::max(table[i][j + 1], table[i + 1][j]);
    ASSERT_EQ(rouge.common_subsequence(a, b), table[a.size()][b.size()]) << round;
  }
}

TEST(Overlap, GramsAreCountedByTheirWordsNotTheirHashes) {
  const std::vector<TokenNumber> words = {0, 1, 0, 1, 2};
  GramCounts counts;
  counts.count(words);
  EXPECT_EQ(counts.grams().size(), 3u + 3u + 3u + 2u);
  EXPECT_EQ(counts.grams()[0].count, 2);
  EXPECT_NE(gram_of(words, 0, 1), gram_of(words, 0, 2));  // "0" is not "0 and nothing"
}

}  // namespace
}  // namespace kale
