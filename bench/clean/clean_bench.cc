// How fast a caption is cleaned: megabytes of caption a second on one thread, over the fused column
// of a file of triplets, and what its parts take alone. The median of the rounds, with the slowest
// and the fastest.
//
//   clean_bench --data ../shared/data/capsfusion-triplets.jsonl
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>

#include "bench/clean/triplets.h"
#include "kale/clean/artifacts.h"
#include "kale/clean/texts.h"
#include "kale/text/repetition.h"
#include "kale/text/sentences.h"
#include "kale/text/utf8.h"

namespace {

using kale::bench::Triplet;

struct Settings {
  std::string data = "../shared/data/capsfusion-triplets.jsonl";
  int rounds = 5;
  int passes = 4;  // over the column, in one round
};

std::size_t sink = 0;  // what the timed work returns, so that it is not left out

template <class Work>
void measure(const char* name, const Settings& settings, const std::vector<Triplet>& rows,
             Work work) {
  std::size_t bytes = 0;
  for (const Triplet& row : rows) bytes += row.fused.size();
  std::vector<double> rates;
  for (int round = 0; round < settings.rounds; ++round) {
    const auto begin = std::chrono::steady_clock::now();
    for (int pass = 0; pass < settings.passes; ++pass)
      for (const Triplet& row : rows) sink += work(row);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    rates.push_back(static_cast<double>(bytes) * settings.passes / took.count() / 1e6);
  }
  std::sort(rates.begin(), rates.end());
  fmt::print("{:<16} {:>8.1f} MB/s   ({:.1f} to {:.1f})\n", name, rates[rates.size() / 2],
             rates.front(), rates.back());
}

void measure_all(const Settings& settings, const std::vector<Triplet>& rows) {
  const kale::ArtifactWords words(kale::clean_texts::artifact_words);
  measure("clean_caption", settings, rows, [&](const Triplet& row) {
    return clean_caption(row.fused, row.alt_text, words).text.size();
  });
  measure("leaked", settings, rows,
          [&](const Triplet& row) { return words.leaked(row.fused, row.alt_text).size(); });
  measure("is_refusal", settings, rows, [](const Triplet& row) -> std::size_t {
    return kale::is_refusal(row.fused, row.alt_text) ? 1 : 0;
  });
  measure("is_repetitive", settings, rows,
          [](const Triplet& row) -> std::size_t { return kale::is_repetitive(row.fused) ? 1 : 0; });
  measure("sentences", settings, rows,
          [](const Triplet& row) { return kale::sentences(row.fused).size(); });
  measure("normal_form", settings, rows,
          [](const Triplet& row) { return kale::normal_form(row.fused).size(); });
}

}  // namespace

int main(int argc, char** argv) {
  Settings settings;
  CLI::App app("megabytes of caption that one thread cleans in a second");
  app.add_option("--data", settings.data, "JSON lines with alt_text, synthetic, fused")
      ->capture_default_str();
  app.add_option("--rounds", settings.rounds, "how often everything is timed")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  CLI11_PARSE(app, argc, argv);
  const auto rows = kale::bench::read_triplets(settings.data);
  if (!rows) {
    fmt::print(stderr, "{}\n", kale::describe_error(rows.error()));
    return 1;
  }
  measure_all(settings, *rows);
  return sink == 0 ? 1 : 0;
}
