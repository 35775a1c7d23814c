#include "kale/evaluate/report/captions.h"

#include <fmt/format.h>

#include <utility>

#include "kale/evaluate/overlap/overlap.h"
#include "kale/evaluate/report/tables.h"
#include "kale/text/utf8.h"

namespace kale::evaluate {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kShownLength = 80;  // of a text in a message
constexpr std::string_view kOption = "--data";

class Reading {
 public:
  Reading(const CaptionsWanted& wanted, const Truths& truths)
      : wanted_(wanted),
        truths_(truths),
        columns_({"key", "input_key", "path", "alt_text", "truth", wanted.column, wanted.other}) {}

  Status read() {
    KALE_OK(
        each_record(wanted_.data, kOption, columns_,
                    [&](Record& record, const RecordPlace& place) { return take(record, place); }));
    KALE_OK(check());
    note_what_lacks();
    return {};
  }
  CaptionSet set;

 private:
  Status take(Record& record, const RecordPlace& place) {
    ++set.rows_read;
    if (record.error) {
      bad(record.error->code == Code::kLimit ? "too_long" : "unreadable", record.error->message);
      return {};
    }
    if (static_cast<std::int64_t>(set.rows.size()) >= kCaptionsMax)
      return Error{Code::kLimit, fmt::format("{}: more than {} captions; measure a part of them",
                                             wanted_.data.string(), kCaptionsMax)};
    CaptionRow row;
    row.number = set.rows_read - 1;
    row.key = text(record, "key");
    row.alt_text = text(record, "alt_text");
    if (!take_caption(record, place, wanted_.column, row, row.caption) ||
        !take_caption(record, place, wanted_.other, row, row.other))
      return {};
    if (row.caption.empty() && row.other.empty()) return {};
    KALE_TRY(const bool good, take_truth(record, place, row));
    if (!good) return {};
    has_caption_ |= !row.caption.empty();
    has_other_ |= !row.other.empty();
    has_key_ |= !row.key.empty();
    set.has_truth |= row.truth != nullptr;
    set.without_truth += row.truth == nullptr ? 1 : 0;
    set.rows.push_back(std::move(row));
    return {};
  }

  std::string text(Record& record, std::string_view name) const {
    return columns_.text(record, name).value_or("");
  }

  // False for a row that is bad.
  bool take_caption(Record& record, const RecordPlace& place, const std::string& column,
                    const CaptionRow& row, std::string& out) {
    std::string caption = text(record, column);
    const auto is_bad = [&](const char* reason, std::string_view what) {
      bad(reason, fmt::format("{}, key '{}': '{}' {}", place.text(), row.key, column, what));
      return false;
    };
    if (caption.size() > kMeasuredBytesMax)
      return is_bad("too_long", fmt::format("has {} bytes, at most {} are measured", caption.size(),
                                            kMeasuredBytesMax));
    if (!is_valid_utf8(caption)) return is_bad("not_utf8", "is no UTF-8");
    if (!trim(caption).empty()) out = std::move(caption);
    return true;
  }

  Result<bool> take_truth(Record& record, const RecordPlace& place, CaptionRow& row) {
    if (wanted_.truth.empty()) {
      const auto& json = columns_.text(record, "truth");
      if (!json) return true;
      auto scene = scene_of(*json, row.key, place);
      if (!scene) {
        bad("bad_truth", scene.error().message);
        return false;
      }
      row.truth = std::move(*scene);
      return true;
    }
    const std::string path = text(record, "path");
    for (const std::string& key :
         {row.key, text(record, "input_key"), fs::path(path).stem().string()}) {
      const auto found = truths_.by_key.find(key);
      if (found == truths_.by_key.end() || key.empty()) continue;
      row.truth = found->second.scene;
      KALE_OK(check_alt_text(record, place, key, found->second));
      return true;
    }
    return true;
  }

  // What the caption was made from is what the scene says: else the truth is another world's.
  Status check_alt_text(Record& record, const RecordPlace& place, const std::string& key,
                        const Truth& truth) const {
    const auto& alt_text = columns_.text(record, "alt_text");
    const std::string& told = truth.scene->alt_text.text;
    if (!alt_text || collapse_spaces(*alt_text) == collapse_spaces(told)) return {};
    return Error{Code::kBadConfig,
                 fmt::format("'{}' is another picture's key: its alt-text is \"{}\" in {}, and "
                             "\"{}\" in {}; name the world that the captions are of "
                             "with --truth",
                             key, printable(*alt_text, kShownLength), place.text(),
                             printable(told, kShownLength), truths_.files[truth.file].string())};
  }

  void bad(const char* reason, std::string_view what) {
    BadRows& rows = set.bad[reason];
    if (rows.rows++ == 0) rows.first = printable(what, 4 * kShownLength);
  }

  std::string bad_rows_text() const {
    std::string text;
    for (const auto& [reason, rows] : set.bad)
      text += fmt::format("; {} rows are bad ({}), the first: {}", rows.rows, reason, rows.first);
    return text;
  }

  Error no_column(const std::string& name, const char* cure) const {
    return {Code::kBadConfig, fmt::format("{}: no row has a caption in a column '{}'{}; {}",
                                          wanted_.data.string(), name, bad_rows_text(), cure)};
  }

  Status check() const {
    if (set.rows.empty() && set.bad.contains("bad_truth"))
      return Error{Code::kBadConfig,
                   fmt::format("{}: no scene of `kale world make` can be read from its column "
                               "'truth'{}; name the world that the pictures are of with --truth, "
                               "or, if that column is your own, give it another name",
                               wanted_.data.string(), bad_rows_text())};
    if (set.rows_read > 0 && set.bad_rows() == set.rows_read)
      return Error{Code::kCorrupt,
                   fmt::format("{}: no row can be measured{}; mend them, or name another column of "
                               "captions with --column",
                               wanted_.data.string(), bad_rows_text())};
    if (!has_caption_) return no_column(wanted_.column, "name the captions' column with --column");
    if (!wanted_.other.empty() && !has_other_)
      return no_column(wanted_.other, "name the column to compare with by --compare");
    if (!wanted_.truth.empty() && !set.has_truth)
      return Error{
          Code::kBadConfig,
          fmt::format("no caption of {} has its truth in {}: neither 'key' nor 'input_key' "
                      "nor the name of 'path' is a key there; name the world that the pictures "
                      "are of with --truth",
                      wanted_.data.string(), wanted_.truth.string())};
    return {};
  }

  void note_what_lacks() {
    if (!has_key_)
      set.notes.emplace_back(
          "no row has a 'key': measures.parquet joins the data by the numbers of rows alone");
    if (!set.has_truth) {
      set.notes.emplace_back(
          "no truth is known: things, counts, colours, relations, quotations, numbers and names "
          "are "
          "not measured, and the columns of measures.parquet for them hold 0 of 0");
      return;
    }
    for (std::string& line :
         unfinished_worlds(wanted_.truth.empty() ? wanted_.data : wanted_.truth))
      set.notes.push_back(std::move(line));
  }

  const CaptionsWanted& wanted_;
  const Truths& truths_;
  Columns columns_;
  bool has_caption_ = false, has_other_ = false, has_key_ = false;
};

}  // namespace

std::int64_t CaptionSet::bad_rows() const {
  std::int64_t all = 0;
  for (const auto& [reason, of_it] : bad) all += of_it.rows;
  return all;
}

Result<CaptionSet> read_captions(const CaptionsWanted& wanted) {
  if (wanted.other == wanted.column)
    return Error{Code::kBadConfig,
                 fmt::format("--compare names the column '{}', which is measured already; name "
                             "another one",
                             wanted.other)};
  KALE_OK(check_there(wanted.data, kOption));
  Truths truths;
  if (!wanted.truth.empty()) {
    KALE_TRY(truths, read_truths(wanted.truth));
  }
  Reading reading(wanted, truths);
  KALE_OK(reading.read());
  return std::move(reading.set);
}

}  // namespace kale::evaluate
