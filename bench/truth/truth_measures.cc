// How well wrong claims are found: errors of known kinds are put into the reference captions of
// random scenes, one at a time, and what the judge reports is compared with what was put in.
// Prints the table of docs/truth_measures.md, and errors reported in captions left as they were.
//
//   truth_measures --scenes 2000 --seed 1
//   truth_measures --show 5          prints what was missed and what was reported falsely
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <array>
#include <map>

#include "bench/truth/errors.h"
#include "kale/evaluate/judge/judge.h"
#include "kale/world/tell/scene_fake.h"
#include "kale/world/tell/tell.h"

namespace {

using namespace kale;

struct Tally {
  int put = 0, found = 0, elsewhere = 0;
};

struct Study {
  std::array<Tally, bench::kErrorTypes> errors{};
  std::map<std::string, int> claims, false_alarms;  // of captions left as they were, by kind
  int captions = 0, captions_alarmed = 0;
  double facts = 0, told = 0;
  int shown = 0, show_max = 0;
  int only = -1;

  void show(std::string_view what, std::string_view caption, const evaluate::JudgedClaim* claim) {
    if (shown++ >= show_max) return;
    fmt::print("{}: {}\n", what, caption);
    if (claim != nullptr)
      fmt::print("    {} [{}] {}\n", claim_kind_name(claim->kind), claim->said, claim->why);
  }

  void judge_clean(const world::Scene& scene, const std::string& caption) {
    const auto judged = evaluate::judge(scene, caption);
    bool alarmed = false;
    for (const auto& claim : judged.claims) {
      if (claim.verdict == evaluate::Verdict::kUnknown) continue;
      const std::string kind(claim_kind_name(claim.kind));
      ++claims[kind];
      if (!evaluate::is_error(claim.verdict)) continue;
      ++false_alarms[kind];
      alarmed = true;
      show("false alarm", caption, &claim);
    }
    ++captions;
    captions_alarmed += alarmed ? 1 : 0;
    facts += static_cast<double>(judged.facts.size());
    told += static_cast<double>(judged.facts_told());
  }

  void judge_spoiled(const world::Scene& scene, const std::string& caption, Rng& rng) {
    for (std::size_t t = 0; t < bench::kErrorTypes; ++t) {
      const auto type = static_cast<bench::ErrorType>(t);
      const auto spoiled = bench::spoil(scene, caption, type, rng);
      if (!spoiled || (only >= 0 && static_cast<int>(t) != only)) continue;
      const auto findings = look(*spoiled, evaluate::judge(scene, spoiled->caption), type);
      Tally& tally = errors[t];
      ++tally.put;
      tally.found += findings.found ? 1 : 0;
      tally.elsewhere += findings.elsewhere;
      if (!findings.found)
        show(fmt::format("missed ({})", error_type_name(type)), spoiled->caption, nullptr);
    }
  }

  void print() const {
    fmt::print(
        "| error | put in | found | reported elsewhere | recall | precision |\n"
        "| --- | --- | --- | --- | --- | --- |\n");
    for (std::size_t t = 0; t < bench::kErrorTypes; ++t) {
      const Tally& tally = errors[t];
      const double recall = tally.put == 0 ? 0 : 1.0 * tally.found / tally.put;
      const int reported = tally.found + tally.elsewhere;
      const double precision = reported == 0 ? 0 : 1.0 * tally.found / reported;
      fmt::print("| {} | {} | {} | {} | {:.3f} | {:.3f} |\n",
                 error_type_name(static_cast<bench::ErrorType>(t)), tally.put, tally.found,
                 tally.elsewhere, recall, precision);
    }
    fmt::print(
        "\n| claims of true captions | judged | called wrong | share |\n| --- | --- | --- | --- "
        "|\n");
    for (const auto& [kind, count] : claims) {
      const auto alarms = false_alarms.find(kind);
      const int wrong = alarms == false_alarms.end() ? 0 : alarms->second;
      fmt::print("| {} | {} | {} | {:.2f} % |\n", kind, count, wrong, 100.0 * wrong / count);
    }
    fmt::print("\n{} true captions, {} of them with a claim called wrong; facts told: {:.1f} %\n",
               captions, captions_alarmed, 100 * told / std::max(facts, 1.0));
  }
};

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"how well wrong claims of captions are found"};
  int scenes = 2000;
  std::uint64_t seed = 1;
  Study study;
  app.add_option("--scenes", scenes, "random scenes, four captions each")->capture_default_str();
  app.add_option("--seed", seed)->capture_default_str();
  app.add_option("--show", study.show_max, "misses and false alarms to print");
  app.add_option("--only", study.only, "one kind of error, by its row in the table from 0");
  CLI11_PARSE(app, argc, argv);
  const world::Teller teller(seed);
  Rng rng(seed);
  for (int i = 0; i < scenes; ++i) {
    world::Scene scene = world::fake_scene(rng.next());
    world::Scene stranger = world::fake_scene(rng.next());
    teller.tell(scene, stranger);
    for (const std::string* caption : {&scene.captions.brief, &scene.captions.dense,
                                       &scene.captions.fused_brief, &scene.captions.fused_dense}) {
      if (caption->empty()) continue;
      study.judge_clean(scene, *caption);
      study.judge_spoiled(scene, *caption, rng);
    }
  }
  study.print();
  return 0;
}
