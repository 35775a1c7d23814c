// How fast captions are scored against references, and the scores themselves for who wants to
// compare: BLEU, ROUGE-L, CIDEr-D and METEOR's exact stage, tokenized and scored, the median of the
// rounds with the fastest and the slowest. bench/captions_peer.py runs it beside pycocoevalcap.
//
//   captions_bench --data captions.jsonl --threads 2 --scores scores.jsonl
//
// A line of the data is an object with caption and references; a line of the scores holds the nine
// numbers of one caption, the last line those of the corpus. --tokens writes the tokenized captions.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <fstream>
#include <nlohmann/json.hpp>

#include "kale/evaluate/overlap/overlap.h"
#include "kale/evaluate/overlap/ptb_tokenizer.h"
#include "kale/io/disk.h"

namespace {

using kale::Candidate;
using nlohmann::json;

constexpr std::int64_t kFileBytesMax = std::int64_t{1} << 33;

struct Settings {
  std::string data;
  std::string scores;
  std::string tokens;
  int threads = 2;
  int rounds = 5;
};

kale::Result<std::vector<Candidate>> read_candidates(const std::string& file) {
  KALE_TRY(const std::string text, kale::real_disk().read(file, kFileBytesMax));
  std::vector<Candidate> candidates;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const json object =
        json::parse(text.begin() + static_cast<std::ptrdiff_t>(begin),
                    text.begin() + static_cast<std::ptrdiff_t>(end), nullptr, false);
    Candidate candidate{.id = std::to_string(candidates.size() + 1)};
    const bool whole = object.is_object() && object.contains("caption") &&
                       object["caption"].is_string() && object.contains("references") &&
                       object["references"].is_array();
    if (whole) candidate.caption = object["caption"].get<std::string>();
    for (const json& reference : whole ? object["references"] : json::array())
      if (reference.is_string()) candidate.references.push_back(reference.get<std::string>());
    if (!whole || candidate.references.size() != object["references"].size())
      return kale::Error{kale::Code::kCorrupt,
                         fmt::format("{}:{}: not an object with a text caption and a list of texts "
                                     "references; write the line anew",
                                     file, candidate.id)};
    candidates.push_back(std::move(candidate));
    begin = end + 1;
  }
  return candidates;
}

json as_json(const kale::OverlapScores& scores) {
  return {{"bleu", scores.bleu},
          {"rouge_l", scores.rouge_l},
          {"cider_d", scores.cider_d},
          {"meteor_exact", scores.meteor_exact}};
}

void write_scores(const std::string& file, const kale::OverlapReport& report) {
  std::ofstream out(file);
  for (const kale::OverlapScores& scores : report.captions) out << as_json(scores) << "\n";
  out << as_json(report.corpus) << "\n";
}

void write_tokens(const std::string& file, const std::vector<Candidate>& candidates) {
  std::ofstream out(file);
  for (std::size_t i = 0; i < candidates.size(); ++i)
    out << kale::ptb_tokenized(candidates[i].caption,
                               i + 1 < candidates.size() ? candidates[i + 1].caption : "")
        << "\n";
}

kale::Status run(const Settings& settings) {
  KALE_TRY(const std::vector<Candidate> candidates, read_candidates(settings.data));
  std::vector<double> seconds;
  kale::OverlapReport report;
  for (int round = 0; round < settings.rounds; ++round) {
    const auto begin = std::chrono::steady_clock::now();
    KALE_TRY(report, kale::score_overlap(candidates, {.threads = settings.threads}));
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    seconds.push_back(took.count());
  }
  std::sort(seconds.begin(), seconds.end());
  fmt::print("{} captions, {} threads: {:.3f} s ({:.3f} to {:.3f})\n", candidates.size(),
             settings.threads, seconds[seconds.size() / 2], seconds.front(), seconds.back());
  const kale::OverlapScores& corpus = report.corpus;
  fmt::print(
      "BLEU {:.6f} {:.6f} {:.6f} {:.6f}, ROUGE-L {:.6f}, CIDEr-D {:.6f}, METEOR exact {:.6f}\n",
      corpus.bleu[0], corpus.bleu[1], corpus.bleu[2], corpus.bleu[3], corpus.rouge_l,
      corpus.cider_d, corpus.meteor_exact);
  if (!settings.scores.empty()) write_scores(settings.scores, report);
  if (!settings.tokens.empty()) write_tokens(settings.tokens, candidates);
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  Settings settings;
  CLI::App app("seconds to score captions against references");
  app.add_option("--data", settings.data, "JSON lines with caption and references")->required();
  app.add_option("--scores", settings.scores, "JSON lines to write, one for each caption");
  app.add_option("--tokens", settings.tokens, "the tokenized captions to write");
  app.add_option("--threads", settings.threads, "threads")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  app.add_option("--rounds", settings.rounds, "how often everything is timed")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  CLI11_PARSE(app, argc, argv);
  const kale::Status done = run(settings);
  if (done) return 0;
  fmt::print(stderr, "{}\n", kale::describe_error(done.error()));
  return 1;
}
