// The captions to be measured, and what is known of their pictures.
// Errors   kNotFound where nothing lies; kBadConfig for a column that no file has, where no caption
//          has a truth, and for a run that published none; kCorrupt for a truth that does not
//          parse, naming its file and key; kLimit for too many captions or one that is too long
// Threads  free functions, safe
// Units    everything is held in memory: about 3 KiB a caption, with its truth 20 KiB
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "kale/core/result.h"
#include "kale/world/scene/scene.h"

namespace kale::evaluate {

inline constexpr std::int64_t kCaptionsMax = 2'000'000;
// Claims are held against each other: time and memory grow with the square of a caption's length.
inline constexpr std::size_t kCaptionBytesMax = std::size_t{64} << 10;

struct CaptionRow {
  std::string key;       // of the dataset, by which the measures join it
  std::string alt_text;  // empty where the dataset has none
  std::string caption;
  std::optional<std::string> other;           // of the column to compare with
  std::shared_ptr<const world::Scene> truth;  // null: not known
};

struct CaptionsWanted {
  std::filesystem::path data;   // a published folder, a table, or a folder of tables
  std::filesystem::path truth;  // of `kale world make`: tables or tars; empty: a column of `data`
  std::string column = "caption";
  std::string other;  // another column to compare with; empty for none
};

struct CaptionSet {
  std::vector<CaptionRow> rows;  // in the order of the data; rows without a caption are left out
  std::int64_t without_caption = 0;
  std::int64_t without_other = 0;  // left out too: a comparison is of the same captions
  std::int64_t without_truth = 0;
  bool has_truth = false;  // some row has one
};

// The folder whose tables are read where `data` is one: what is below it counts as data.
std::filesystem::path captions_folder(const std::filesystem::path& data);

// A caption belongs to the truth whose key is its own `key` or `input_key`, or the name of its
// `path` without folder and ending.
Result<CaptionSet> read_captions(const CaptionsWanted& wanted);

using Truths = std::map<std::string, std::shared_ptr<const world::Scene>, std::less<>>;
Result<Truths> read_truths(const std::filesystem::path& path);

}  // namespace kale::evaluate
