// The captions to be measured, and what is known of their pictures. A bad row is counted with its
// reason and left out; it ends nothing.
// Errors   kNotFound where nothing lies; kBadConfig for a column that no row has, where no caption
//          has a truth, and where a row's alt-text is not its truth's; kCorrupt where all rows are
//          bad; kLimit for too many captions; as tables.h and truths.h say
// Threads  a free function, safe
// Units    everything is held in memory: 4 KiB a caption of 70 words, and its truth
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "kale/core/result.h"
#include "kale/evaluate/report/truths.h"

namespace kale::evaluate {

inline constexpr std::int64_t kCaptionsMax = 2'000'000;
// Claims are held against each other: time and memory grow with the square of a caption's length.
inline constexpr std::size_t kMeasuredBytesMax = std::size_t{64} << 10;

struct CaptionRow {
  std::int64_t number = 0;  // in the data, bad rows counted, from 0
  std::string key;          // of the dataset, by which the measures join it
  std::string alt_text;     // empty where the dataset has none
  std::string caption;      // empty where it has none; then `other` is not
  std::string other;        // of the column to compare with; likewise
  ScenePtr truth;           // null: not known
};

struct CaptionsWanted {
  std::filesystem::path data;   // a published folder, a table, or a folder of tables
  std::filesystem::path truth;  // of `kale world make`: tables or tars; empty: a column of `data`
  std::string column = "caption";
  std::string other;  // another column to compare with; empty for none
};

struct BadRows {
  std::int64_t rows = 0;
  std::string first;  // what was wrong with the first
};

struct CaptionSet {
  std::vector<CaptionRow> rows;        // in the order of the data; without rows of no caption
  std::int64_t rows_read = 0;          // all
  std::map<std::string, BadRows> bad;  // by reason: unreadable, too_long, not_utf8, bad_truth
  std::int64_t without_truth = 0;
  bool has_truth = false;          // some row has one
  std::vector<std::string> notes;  // what whoever reads the figures should know

  std::int64_t bad_rows() const;
};

// A caption belongs to the truth whose key is its own `key` or `input_key`, or the name of its
// `path` without folder and ending.
Result<CaptionSet> read_captions(const CaptionsWanted& wanted);

}  // namespace kale::evaluate
