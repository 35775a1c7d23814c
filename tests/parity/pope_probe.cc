// Scores sets of answers to POPE's questions as kale does:
//
//   pope_probe SETS
//
// A line of SETS is a JSON list of objects with prediction and truth; a line that is printed is an
// object with the scores of one set, every digit of them.
#include <fmt/format.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "kale/core/check.h"
#include "kale/evaluate/overlap/pope.h"

int main(int argc, char** argv) {
  KALE_CHECK(argc == 2, "pope_probe SETS");
  std::ifstream file(argv[1]);
  for (std::string line; std::getline(file, line);) {
    std::vector<kale::PopeAnswer> answers;
    for (const auto& one : nlohmann::json::parse(line))
      answers.push_back(
          {one.at("prediction").get<std::string>(), one.at("truth").get<std::string>()});
    const kale::PopeScores scores = kale::score_pope(answers);
    const nlohmann::json told = {{"accuracy", scores.accuracy},   {"precision", scores.precision},
                                 {"recall", scores.recall},       {"f1_score", scores.f1},
                                 {"yes_ratio", scores.yes_ratio}, {"answers", scores.answers}};
    fmt::print("{}\n", told.dump());
  }
}
