#include "kale/evaluate/overlap/pope.h"

#include <string_view>

#include "kale/text/utf8.h"

namespace kale {
namespace {

// To Python's strip() the separators of ASCII are white space, and what has no width is none.
bool is_python_space(char32_t c) {
  if (c >= 0x1c && c <= 0x1f) return true;
  return is_space(c) && c != 0x200b && c != 0xfeff;
}

// lower().strip() of Python. Lower case, not folded: "ye\u017f", with a long s, is no "yes".
std::string plain(std::string_view answer) {
  std::string lower;
  std::size_t end = 0;  // of what stands before white space
  for (std::size_t at = 0; at < answer.size();) {
    const char32_t c = next_code_point(answer, at);
    if (is_python_space(c) && lower.empty()) continue;
    append_code_point(lower, to_lower(c));
    if (!is_python_space(c)) end = lower.size();
  }
  lower.resize(end);
  return lower;
}

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
