// The dataset card: README.md of the published folder, as the Hub shows it.
// The text is kale/write/card.md; what is measured goes into its {{slots}}.
// Threads  free functions, safe
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "kale/write/format.h"
#include "kale/write/statistics.h"

namespace kale {

struct Card {
  std::string name;
  std::string licence;                     // the Hub's name for it
  std::string language;                    // ISO 639-1
  std::vector<const FormatInfo*> formats;  // in the order of format_table(), never none
  bool image_bytes = false;                // pictures are part of it
  std::int64_t pictures_not_raster = 0;    // and which of them `image` lacks
  DatasetStatistics statistics;
  std::map<std::string, std::int64_t> reasons;  // "drop:too_small" or "fail:kLimit" -> rows
  std::set<std::string> provenances;            // JSON of the shards, each once
};

std::string render_card(const Card& card);
std::string_view card_template();

// The Hub's class of a dataset's size: "1K<n<10K".
std::string size_category(std::int64_t rows);

}  // namespace kale
