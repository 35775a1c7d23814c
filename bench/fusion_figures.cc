#include "bench/fusion_figures.h"

#include <algorithm>
#include <limits>
#include <string>

#include "kale/core/rng.h"
#include "kale/text/facts.h"
#include "kale/text/utf8.h"
#include "kale/text/words.h"

namespace kale::study {
namespace {

constexpr std::size_t kResamples = 2000;
constexpr std::uint64_t kSeed = 1;

constexpr std::array<FigureInfo, kFigures> kInfos = {{
    {"names of the alt-text kept", ">= 70 %"},
    {"rows with an invented name", "< 10 %"},
    {"content words of the dense caption kept", ">= 60 %"},
    {"rows that hold the alt-text verbatim", "<= 15 %"},
    {"rows that hold the alt-text's words in order", ""},
    {"rows that are the dense caption and an addition", ""},
    {"fallbacks (the dense caption alone)", ""},
    {"words a caption", "", false},
}};

std::string without_closing_marks(std::string text) {
  while (!text.empty() && std::string_view(".!?,;: ").find(text.back()) != std::string_view::npos)
    text.pop_back();
  return text;
}

bool stands_whole(const std::string& part, const std::string& text) {
  const std::size_t at = part.empty() ? std::string::npos : text.find(part);
  return at != std::string::npos;
}

// " mount cook in winter ": words alone, so that one text's words can be looked for in another's.
std::string plain_words(std::string_view text) {
  std::string out = " ";
  for (const std::string_view word : words(text)) out.append(normal_form(word)).append(" ");
  return out.size() == 1 ? std::string() : out;
}

}  // namespace

const FigureInfo& figure_info(Figure figure) { return kInfos[static_cast<std::size_t>(figure)]; }

RowFigures measure(std::string_view alt_text, std::string_view dense, std::string_view caption) {
  const Facts facts = facts_of(alt_text);
  const auto dense_content = content_stems(dense);
  const auto said = stems(caption);
  const auto kept = std::count_if(dense_content.begin(), dense_content.end(),
                                  [&](const std::string& word) { return said.contains(word); });
  const std::string alt_words = plain_words(alt_text);
  const std::string dense_words = plain_words(dense);
  const std::string caption_words = plain_words(caption);
  const bool alone = caption_words == dense_words;

  RowFigures row;
  auto set = [&row](Figure figure, double of, double all) {
    row[static_cast<std::size_t>(figure)] = {of, all};
  };
  auto flag = [&set](Figure figure, bool is) { set(figure, is ? 1 : 0, 1); };
  set(Figure::kNamesKept, static_cast<double>(facts_kept(facts, caption)),
      static_cast<double>(facts.size()));
  flag(Figure::kInventedRows, !facts_invented(caption, {alt_text, dense}).empty());
  set(Figure::kDenseKept, static_cast<double>(kept), static_cast<double>(dense_content.size()));
  flag(Figure::kVerbatimRows,
       stands_whole(without_closing_marks(collapse_spaces(alt_text)), collapse_spaces(caption)));
  flag(Figure::kWordsCopied, stands_whole(alt_words, caption_words));
  flag(Figure::kAppendedRows, !alone && stands_whole(dense_words, caption_words));
  flag(Figure::kFallbackRows, alone);
  set(Figure::kWords, static_cast<double>(word_count(caption)), 1);
  return row;
}

Interval estimate(const std::vector<RowFigures>& rows, Figure figure) {
  const auto index = static_cast<std::size_t>(figure);
  auto ratio = [](const Part& sum) {
    return sum.all > 0 ? sum.of / sum.all : std::numeric_limits<double>::quiet_NaN();
  };
  Part whole;
  for (const RowFigures& row : rows) {
    whole.of += row[index].of;
    whole.all += row[index].all;
  }
  Interval result{ratio(whole), ratio(whole), ratio(whole)};
  if (whole.all <= 0) return result;
  Rng rng(kSeed);
  std::vector<double> values;
  for (std::size_t round = 0; round < kResamples; ++round) {
    Part sum;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const Part& part = rows[rng.below(rows.size())][index];
      sum.of += part.of;
      sum.all += part.all;
    }
    if (sum.all > 0) values.push_back(ratio(sum));
  }
  std::sort(values.begin(), values.end());
  result.low = values[values.size() * 25 / 1000];
  result.high = values[std::min(values.size() - 1, values.size() * 975 / 1000)];
  return result;
}

}  // namespace kale::study
