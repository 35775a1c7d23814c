// The captions to be measured, and what is known of their pictures.
// Errors   kNotFound where nothing lies; kBadConfig for a column that no file has, or where no
//          caption has a truth; kCorrupt for a truth that does not parse, naming its key
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
  std::int64_t without_truth = 0;
  bool has_truth = false;  // some row has one
};

// A caption belongs to the truth whose key is its own `key` or `input_key`, or the name of its
// `path` without folder and ending.
Result<CaptionSet> read_captions(const CaptionsWanted& wanted);

using Truths = std::map<std::string, std::shared_ptr<const world::Scene>, std::less<>>;
Result<Truths> read_truths(const std::filesystem::path& path);

}  // namespace kale::evaluate
