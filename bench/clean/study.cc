#include "bench/clean/study.h"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "kale/io/disk.h"
#include "kale/text/sentences.h"

namespace kale::bench {
namespace {

using nlohmann::json;

constexpr std::int64_t kFileBytesMax = 1 << 24;

bool is_in(const Label& label, Rows which) {
  if (which == Rows::kAll) return true;
  if (which == Rows::kSample) return !label.half.empty();
  return label.half == (which == Rows::kTune ? "tune" : "report");
}

std::set<std::size_t> indexes(const json& object, const char* key) {
  std::set<std::size_t> all;
  for (const json& index : object.value(key, json::array()))
    if (index.is_number_unsigned()) all.insert(index.get<std::size_t>());
  return all;
}

bool fits(const Label& label) {
  const auto inside = [&](const std::set<std::size_t>& some) {
    return some.empty() || *some.rbegin() < label.sentences;
  };
  return label.sentences > 0 && inside(label.leaked) && inside(label.arguable);
}

// Which sentences clean takes out, asked of the code that does it.
std::vector<bool> removed_sentences(const Triplet& row, const std::vector<std::string_view>& parts,
                                    const ArtifactWords& words, const Cleaned& cleaned) {
  std::vector<bool> removed(parts.size(), cleaned.flaw != ReplyFlaw::kNone);
  if (cleaned.flaw != ReplyFlaw::kNone) return removed;
  std::int64_t count = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    removed[i] = !words.leaked(parts[i], row.alt_text).empty();
    count += removed[i] ? 1 : 0;
  }
  KALE_CHECK(count == cleaned.sentences_removed, "sentences and clean_caption agree");
  return removed;
}

void add_row(Score& total, const Triplet& row, const Label& label, const ArtifactWords& words,
             Reading reading) {
  const auto parts = sentences(row.fused);
  const Cleaned cleaned = clean_caption(row.fused, row.alt_text, words);
  const auto removed = removed_sentences(row, parts, words, cleaned);
  bool before = false;
  bool after = false;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const bool leaked =
        label.leaked.contains(i) || (reading == Reading::kStrict && label.arguable.contains(i));
    total.leaked += leaked ? 1 : 0;
    total.removed += removed[i] ? 1 : 0;
    total.removed_leaked += leaked && removed[i] ? 1 : 0;
    before = before || leaked;
    after = after || (leaked && !removed[i]);
  }
  ++total.rows;
  total.sentences += parts.size();
  total.leaked_rows += before ? 1 : 0;
  total.leaked_rows_left += after ? 1 : 0;
  if (!cleaned.text.empty()) return;
  ++total.emptied;
  const Cleaned dense = clean_caption(row.synthetic, row.alt_text, words);
  total.filled += dense.text.empty() ? 0 : 1;
}

double ratio(std::size_t hits, std::size_t of, double without) {
  return of == 0 ? without : static_cast<double>(hits) / static_cast<double>(of);
}

std::string percent(std::size_t hits, std::size_t of, int digits = 1) {
  if (of == 0) return "none";
  const Interval interval = wilson(hits, of);
  return fmt::format("{:.{}f} ({:.{}f} to {:.{}f})", 100 * ratio(hits, of, 0), digits,
                     100 * interval.low, digits, 100 * interval.high, digits);
}

std::string table_line(std::string_view name, const Score& s) {
  return fmt::format("| {} | {} | {} | {} | {} | {} | {} | {} |\n", name, s.rows, s.sentences,
                     s.leaked, s.removed, percent(s.removed_leaked, s.removed),
                     percent(s.removed_leaked, s.leaked),
                     percent(s.removed - s.removed_leaked, s.sentences - s.leaked, 2));
}

std::string rates(const Score& all) {
  return fmt::format(
      "\n| of all rows | rows | % |\n| --- | --- | --- |\n"
      "| hold a leaked sentence before cleaning | {} | {} |\n"
      "| hold one after it | {} | {} |\n| emptied | {} | {} |\n"
      "| emptied, and the dense caption is clean | {} | {} |\n",
      all.leaked_rows, percent(all.leaked_rows, all.rows, 2), all.leaked_rows_left,
      percent(all.leaked_rows_left, all.rows, 2), all.emptied, percent(all.emptied, all.rows, 2),
      all.filled, percent(all.filled, all.rows, 2));
}

}  // namespace

Result<Labels> read_labels(const std::filesystem::path& file) {
  KALE_TRY(const std::string text, real_disk().read(file, kFileBytesMax));
  Labels labels;
  std::size_t number = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const json object = json::parse(text.substr(begin, end - begin), nullptr, false);
    begin = end + 1;
    ++number;
    if (number == 1 && object.is_object() && object.contains("strata")) {
      for (const auto& [name, size] : object["strata"].items())
        if (size.is_number_unsigned()) labels.strata[name] = size.get<std::size_t>();
      continue;
    }
    Label label;
    if (object.is_object() && object.contains("row") && object["row"].is_number_unsigned())
      label = {object.value("sentences", std::size_t{0}), indexes(object, "leaked"),
               indexes(object, "arguable"), object.value("half", ""), object.value("stratum", "")};
    if (!fits(label) || !labels.rows.emplace(object["row"].get<std::size_t>(), label).second)
      return Error{Code::kCorrupt,
                   fmt::format("{}:{}: needs a row of its own, sentences, and indexes below that "
                               "number; see tests/clean/README.md",
                               file.string(), number)};
  }
  return labels;
}

double Score::precision() const { return ratio(removed_leaked, removed, 1); }
double Score::recall() const { return ratio(removed_leaked, leaked, 1); }
double Score::clean_removed() const {
  return ratio(removed - removed_leaked, sentences - leaked, 0);
}

Result<Score> score(const std::vector<Triplet>& data, const Labels& labels,
                    const ArtifactWords& words, Rows which, Reading reading) {
  if (!labels.rows.empty() && labels.rows.rbegin()->first >= data.size())
    return Error{Code::kCorrupt, fmt::format("the labels name row {}, the data have {}: these are "
                                             "labels of other data",
                                             labels.rows.rbegin()->first, data.size())};
  Score total;
  for (std::size_t i = 0; i < data.size(); ++i) {
    const auto found = labels.rows.find(i);
    const Label label = found == labels.rows.end() ? Label{} : found->second;
    if (!is_in(label, which)) continue;
    const std::size_t parts = sentences(data[i].fused).size();
    if (label.sentences != 0 && label.sentences != parts)
      return Error{Code::kCorrupt,
                   fmt::format("row {} was read as {} sentences and is now split into {}: read it "
                               "again and correct its label",
                               i, label.sentences, parts)};
    add_row(total, data[i], label, words, reading);
  }
  return total;
}

Interval wilson(std::size_t hits, std::size_t of) {
  if (of == 0) return {};
  constexpr double kZ = 1.959964;
  const double n = static_cast<double>(of);
  const double p = static_cast<double>(hits) / n;
  const double middle = (p + kZ * kZ / (2 * n)) / (1 + kZ * kZ / n);
  const double half = kZ / (1 + kZ * kZ / n) * std::sqrt(p * (1 - p) / n + kZ * kZ / (4 * n * n));
  return {std::max(0.0, middle - half), std::min(1.0, middle + half)};
}

Estimate leaked_rows_by_strata(const Labels& labels) {
  Estimate estimate{0, {0, 0}};
  for (const auto& [name, size] : labels.strata) {
    std::size_t hits = 0;
    std::size_t of = 0;
    for (const auto& [row, label] : labels.rows) {
      if (label.stratum != name) continue;
      ++of;
      hits += label.leaked.empty() ? 0 : 1;
    }
    const Interval interval = wilson(hits, of);
    estimate.rows += static_cast<double>(size) * ratio(hits, of, 0);
    estimate.interval.low += static_cast<double>(size) * interval.low;
    estimate.interval.high += static_cast<double>(size) * interval.high;
  }
  return estimate;
}

Result<std::string> study_tables(const std::vector<Triplet>& data, const Labels& labels,
                                 const ArtifactWords& words) {
  std::string text =
      "| | rows | sentences | leaked | removed | precision, % | recall, % | clean removed, % |\n"
      "| --- | --- | --- | --- | --- | --- | --- | --- |\n";
  static constexpr std::pair<const char*, Rows> kLines[] = {
      {"sample, half to tune on", Rows::kTune},
      {"sample, half to report on", Rows::kReport},
      {"sample", Rows::kSample}};
  for (const auto& [name, which] : kLines) {
    KALE_TRY(const Score part, score(data, labels, words, which, Reading::kDefined));
    text += table_line(name, part);
  }
  KALE_TRY(const Score all, score(data, labels, words, Rows::kAll, Reading::kDefined));
  KALE_TRY(const Score strict, score(data, labels, words, Rows::kAll, Reading::kStrict));
  text += table_line("all rows", all) + table_line("all rows, arguable ones leaked", strict);
  text += rates(all);
  const Estimate estimate = leaked_rows_by_strata(labels);
  text += fmt::format("\nLeaked rows as the sample alone tells: {:.0f} ({:.0f} to {:.0f}).\n",
                      estimate.rows, estimate.interval.low, estimate.interval.high);
  return text;
}

}  // namespace kale::bench
