#include <fmt/format.h>

#include <algorithm>
#include <thread>

#include "apps/kale/places.h"
#include "apps/kale/verbs.h"
#include "kale/evaluate/report/evaluation.h"

namespace kale {
namespace {

struct EvaluateArguments {
  evaluate::CaptionsWanted wanted;
  std::string out;
  evaluate::EvaluationOptions options;
};

Status evaluate_captions(const EvaluateArguments& arguments) {
  KALE_OK(check_out_folder(arguments.out));
  KALE_OK(evaluate::check_results_folder(real_disk(), arguments.out));
  KALE_TRY(auto set, evaluate::read_captions(arguments.wanted));
  KALE_OK(real_disk().make_folders(arguments.out));  // or all is measured for nothing
  KALE_TRY(auto evaluation,
           evaluate::evaluate(std::move(set), arguments.wanted, arguments.options));
  KALE_OK(evaluate::write_evaluation(real_disk(), arguments.out, *evaluation));
  fmt::print("{}\nwritten to {}\n", evaluate::measures_table(*evaluation), arguments.out);
  return {};
}

void add_captions(CLI::App& evaluate, int& exit) {
  CLI::App* verb = evaluate.add_subcommand(
      "captions",
      "how true captions are, how much they tell, how they read\n\n"
      "Without truth: words, vocabulary, repetition, leaks, names and numbers of the alt-text. "
      "With "
      "the truth of a\nworld: things that are not there, wrong counts, colours, relations, "
      "quotations, numbers and names, the share of\nfacts told, and overlap with the world's own "
      "captions.\n\n"
      "  kale evaluate captions --data out/demo --out out/demo-measures\n"
      "  kale evaluate captions --data out/world-captions --truth out/world --out out/measures\n"
      "  kale evaluate captions --data out/world-captions --truth out/world --out out/measures \\\n"
      "    --compare caption_dense\n\n"
      "Leaves measures.md, .json and .parquet, plots, and with truth claims.jsonl (every claim "
      "with "
      "its verdict)\nand wrong.md (wrong captions explained). See docs/formats.md.");
  auto arguments = std::make_shared<EvaluateArguments>();
  arguments->options.threads = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  verb->add_option(
          "--data", arguments->wanted.data,
          "captions: a folder that kale published, a parquet, Arrow, jsonl or csv file, or "
          "a folder of them")
      ->required()
      ->check(not_empty());
  verb->add_option("--truth", arguments->wanted.truth,
                   "a world made by `kale world make`: its folder, a tar or a table; without it, "
                   "the data's own column 'truth'")
      ->check(not_empty());
  verb->add_option("--column", arguments->wanted.column, "the column that holds the captions")
      ->check(not_empty())
      ->capture_default_str();
  verb->add_option("--compare", arguments->wanted.other,
                   "another column of captions: both are measured, and their difference")
      ->check(not_empty());
  verb->add_option("--out", arguments->out, "folder for the results")->required();
  verb->add_option("--resamples", arguments->options.resampling.resamples,
                   "bootstrap resamples for the intervals")
      ->check(CLI::Range(100, 100000))
      ->capture_default_str();
  verb->add_option("--seed", arguments->options.resampling.seed, "of the resamples")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  verb->add_option("--wrong", arguments->options.wrong_shown, "captions shown in wrong.md")
      ->check(CLI::Range(0, 100000))
      ->capture_default_str();
  verb->callback([arguments, &exit] { exit = report(evaluate_captions(*arguments)); });
}

}  // namespace

void add_evaluate(CLI::App& app, int& exit) {
  CLI::App* verb = app.add_subcommand("evaluate", "measures what was made");
  verb->require_subcommand(1);
  add_captions(*verb, exit);
}

}  // namespace kale
