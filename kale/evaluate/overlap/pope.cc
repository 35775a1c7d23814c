#include "kale/evaluate/overlap/pope.h"

#include "kale/text/utf8.h"

namespace kale {
namespace {

std::string plain(std::string_view answer) { return fold_case(trim(answer)); }

double share(std::int64_t part, std::int64_t all) {
  return all == 0 ? 0 : static_cast<double>(part) / static_cast<double>(all);
}

}  // namespace

PopeScores score_pope(std::span<const PopeAnswer> answers) {
  std::int64_t right = 0, true_yes = 0, false_yes = 0, false_no = 0, truth_yes = 0, truth_no = 0;
  for (const PopeAnswer& answer : answers) {
    const std::string said = plain(answer.prediction), truth = plain(answer.truth);
    right += said == truth ? 1 : 0;
    truth_yes += truth == "yes" ? 1 : 0;
    truth_no += truth == "no" ? 1 : 0;
    true_yes += said == "yes" && truth == "yes" ? 1 : 0;
    false_yes += said == "yes" && truth == "no" ? 1 : 0;
    false_no += said == "no" && truth == "yes" ? 1 : 0;
  }
  PopeScores scores;
  scores.answers = static_cast<std::int64_t>(answers.size());
  scores.accuracy = share(right, scores.answers);
  scores.precision = share(true_yes, true_yes + false_yes);
  scores.recall = share(true_yes, true_yes + false_no);
  const double sum = scores.precision + scores.recall;
  scores.f1 = sum == 0 ? 0 : 2 * (scores.precision * scores.recall) / sum;
  scores.yes_ratio = share(truth_yes, truth_yes + truth_no);
  scores.predicted_yes_ratio = share(true_yes + false_yes, scores.answers);
  return scores;
}

}  // namespace kale
