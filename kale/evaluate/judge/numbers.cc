#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "kale/core/ascii.h"
#include "kale/evaluate/claims/lexicon.h"
#include "kale/evaluate/claims/sections.h"
#include "kale/evaluate/judge/hearing.h"
#include "kale/text/utf8.h"
#include "kale/text/words.h"

namespace kale::evaluate {
namespace {

using world::Chart;

struct Place {
  std::size_t at = 0;     // in the caption
  std::size_t label = 0;  // of the chart
};

std::optional<double> value_of(std::string_view text) {
  std::string plain(text);
  std::erase(plain, ',');
  double value = 0;
  const auto read = std::from_chars(plain.data(), plain.data() + plain.size(), value);
  if (read.ec != std::errc() || read.ptr != plain.data() + plain.size()) return std::nullopt;
  return value;
}

// "pears" and "Pears" are the same; "may" and "sun" are no month and no day.
bool has_own_capital(std::string_view label) {
  const std::string form = phrase_form(label);
  const Lexicon& lexicon = Lexicon::get();
  std::size_t at = 0;
  return is_upper(next_code_point(label, at)) &&
         (lexicon.noun_form(form) == nullptr || lexicon.word(form) != nullptr);
}

// Where the labels of the chart stand in a sentence, in order.
std::vector<Place> labels_in(const Hearing& hearing, Span sentence) {
  std::vector<Place> places;
  const std::string lower = lower_ascii(hearing.text(sentence));
  const Chart& chart = *hearing.scene.chart;
  for (std::size_t i = 0; i < chart.labels.size(); ++i) {
    const std::string label = lower_ascii(chart.labels[i]);
    if (label.empty()) continue;
    const bool capital = has_own_capital(chart.labels[i]);
    for (std::size_t at = lower.find(label); at != std::string::npos;
         at = lower.find(label, at + 1)) {
      const auto letter = [&](std::size_t k) {
        return k < lower.size() &&
               ((lower[k] >= 'a' && lower[k] <= 'z') || (lower[k] >= '0' && lower[k] <= '9'));
      };
      const bool plural = at + label.size() < lower.size() && lower[at + label.size()] == 's' &&
                          !letter(at + label.size() + 1);
      if ((at > 0 && letter(at - 1)) || (letter(at + label.size()) && !plural)) continue;
      std::size_t first = sentence.begin + at;
      if (capital && !is_upper(next_code_point(hearing.caption, first))) continue;
      places.push_back({sentence.begin + at, i});
    }
  }
  std::sort(places.begin(), places.end(),
            [](const Place& a, const Place& b) { return a.at < b.at; });
  return places;
}

// Which label a number is told of: as many numbers as labels go in order, else the nearest before
// it, else the nearest behind.
std::optional<std::size_t> label_of(const Hearing& hearing, const NumberClaim& claim) {
  const auto labels = labels_in(hearing, claim.sentence);
  if (labels.empty()) return std::nullopt;
  for (const Place& place : labels)  // "30 for June"
    if (place.at > claim.span.end) {
      const Span between{claim.span.end, place.at};
      if (text_form(hearing.text(between)) == "for") return place.label;
    }
  std::vector<std::size_t> numbers;
  for (const NumberClaim& other : hearing.claims.numbers)
    if (other.sentence == claim.sentence) numbers.push_back(other.span.begin);
  std::sort(numbers.begin(), numbers.end());
  if (numbers.size() == labels.size()) {
    const auto place = std::find(numbers.begin(), numbers.end(), claim.span.begin);
    return labels[static_cast<std::size_t>(place - numbers.begin())].label;
  }
  std::optional<std::size_t> before;
  for (const Place& place : labels)
    if (place.at < claim.span.begin) before = place.label;
  return before ? before : std::optional(labels.front().label);
}

bool in_texts(const Hearing& hearing, std::string_view number) {
  for (const world::Text& text : hearing.scene.texts)
    for (const std::string_view word : words(text.text))
      if (word == number || value_of(word) == value_of(number)) {
        if (value_of(number) || word == number) return true;
      }
  return false;
}

bool in_any(const std::vector<std::string>& texts, std::string_view number) {
  return std::any_of(texts.begin(), texts.end(), [&](const std::string& text) {
    const auto all = words(text);
    return std::find(all.begin(), all.end(), number) != all.end();
  });
}

void judge_number(Hearing& hearing, const NumberClaim& claim) {
  JudgedClaim& judged = hearing.add(ClaimKind::kNumber, claim.span, Verdict::kTrue);
  judged.said = claim.text;
  const auto value = value_of(claim.text);
  if (in_any(known_texts(hearing.scene), claim.text)) return;
  if (hearing.scene.chart && value) {
    const Chart& chart = *hearing.scene.chart;
    if (const auto label = label_of(hearing, claim)) {
      const bool right = *label < chart.values.size() && chart.values[*label] == *value;
      judged.said = fmt::format("{} {}", chart.labels[*label], claim.text);
      judged.verdict = right ? Verdict::kTrue : Verdict::kWrong;
      if (right) {
        hearing.labels_told.insert(chart.labels[*label]);
      } else if (*label < chart.values.size()) {
        judged.why = fmt::format("the bar of {} is {}", chart.labels[*label], chart.values[*label]);
      }
      return;
    }
    if (std::find(chart.values.begin(), chart.values.end(), *value) != chart.values.end()) return;
  }
  if (in_texts(hearing, claim.text)) return;
  judged.verdict = Verdict::kWrong;
  judged.why = "no such number is written in the picture or known of it";
}

std::optional<int> parts_of(const world::Scene& scene, std::string_view part) {
  if (part == "bar")
    return scene.chart ? std::optional(static_cast<int>(scene.chart->labels.size())) : std::nullopt;
  if (part == "line") {
    const auto lines =
        std::count_if(scene.texts.begin(), scene.texts.end(),
                      [](const world::Text& text) { return text.role == world::TextRole::kLine; });
    return lines == 0 ? std::nullopt : std::optional(static_cast<int>(lines));
  }
  int most = -1;
  for (const world::Text& text : scene.texts)
    most = std::max(most, part == "row" ? text.row : text.column);
  return most < 0 ? std::nullopt : std::optional(most + 1);
}

}  // namespace

void judge_numbers(Hearing& hearing) {
  for (const NumberClaim& claim : hearing.claims.numbers)
    if (!claim.share || hearing.scene.chart) judge_number(hearing, claim);
  for (const PartCountClaim& claim : hearing.claims.part_counts) {
    const auto there = parts_of(hearing.scene, claim.part);
    JudgedClaim& judged = hearing.add(ClaimKind::kNumber, claim.span, Verdict::kUnknown);
    judged.said = fmt::format("{} {}s", claim.count, claim.part);
    if (!there) continue;
    judged.verdict = claim.count == *there ? Verdict::kTrue : Verdict::kWrong;
    judged.why = fmt::format("there are {} {}s", *there, claim.part);
  }
}

}  // namespace kale::evaluate
