// How well leaked sentences are found: precision, recall and leak rate of the cleaning code, on
// sentences labelled by reading. Prints the tables of docs/clean_study.md.
//
//   clean_study --data ../shared/data/capsfusion-triplets.jsonl --labels tests/clean/labels.jsonl
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "bench/clean/study.h"
#include "kale/clean/texts.h"
#include "kale/io/disk.h"

namespace {

struct Settings {
  std::string data = "../shared/data/capsfusion-triplets.jsonl";
  std::string labels = "tests/clean/labels.jsonl";
  std::string words;  // a path; empty for the built-in list
};

constexpr std::int64_t kListBytesMax = 1 << 20;

kale::Result<std::string> study(const Settings& settings) {
  std::string list(kale::clean_texts::artifact_words);
  if (!settings.words.empty()) {
    KALE_TRY(list, kale::real_disk().read(settings.words, kListBytesMax));
  }
  KALE_TRY(const auto data, kale::bench::read_triplets(settings.data));
  KALE_TRY(const auto labels, kale::bench::read_labels(settings.labels));
  return kale::bench::study_tables(data, labels, kale::ArtifactWords(list));
}

}  // namespace

int main(int argc, char** argv) {
  Settings settings;
  CLI::App app("scores the cleaning of captions against labels");
  app.add_option("--data", settings.data, "JSON lines with alt_text, synthetic, fused")
      ->capture_default_str();
  app.add_option("--labels", settings.labels, "JSON lines, see tests/clean/README.md")
      ->capture_default_str();
  app.add_option("--words", settings.words, "file of leaked words; empty for the built-in list");
  CLI11_PARSE(app, argc, argv);
  const auto tables = study(settings);
  if (!tables) {
    fmt::print(stderr, "{}\n", kale::describe_error(tables.error()));
    return 1;
  }
  fmt::print("{}", *tables);
  return 0;
}
