// Shards for tests: every column filled somewhere, every fate, an extra column.
#pragma once

#include <fmt/format.h>

#include <string>
#include <vector>

#include "kale/core/sink.h"
#include "kale/io/parquet/extras.h"

namespace kale {

// A row with all columns that a file can hold.
inline Row fake_row(std::int64_t number) {
  Row row;
  for (const ColumnInfo& info : column_table()) {
    if (info.transient()) continue;
    row.filled |= Columns{info.column};
    if (auto* text = std::get_if<std::string Row::*>(&info.field))
      row.*(*text) = fmt::format("{} {} ü", info.name, number);
    else if (auto* whole = std::get_if<std::int64_t Row::*>(&info.field))
      row.*(*whole) = number + static_cast<std::int64_t>(info.column);
    else
      row.*std::get<double Row::*>(info.field) = static_cast<double>(number) / 3;
  }
  row.described_by = "facts";
  row.fused_by = number % 2 == 0 ? "llm" : "no_candidate";
  row.cleaned_by = "as_is";
  return row;
}

inline constexpr std::string_view kFakeProvenance =
    R"({"kale":"0.1.0","recipe":"kale","seed":7,"steps":{"fuse":{"models":[{"id":"fake:one",)"
    R"("xxh128":"ab12"}],"print":"ef56","prompts":["cd34"]}}})";

// Rows kept, dropped and failed by turns (kept where number % 3 == 0), from `first` on.
inline FinishedShard fake_shard(std::int64_t index, std::int64_t rows) {
  FinishedShard shard;
  shard.index = index;
  shard.provenance = kFakeProvenance;
  std::vector<std::vector<std::optional<std::string>>> german;
  for (std::int64_t i = 0; i < rows; ++i)
    german.push_back({i % 2 == 0 ? std::optional(fmt::format("Bild {}", i)) : std::nullopt});
  ExtrasPtr extras = make_text_extras({"alt_text_de"}, german);
  for (std::int64_t i = 0; i < rows; ++i) {
    FinishedRow finished;
    finished.row = fake_row(index * 1000 + i);
    finished.row.extras = extras;
    finished.row.extras_row = i;
    if (i % 3 == 1) {
      finished.fate = Fate::kDropped;
      finished.reason = "no_alt_text";
      finished.row.filled = {Column::kKey, Column::kPath};
    } else if (i % 3 == 2) {
      finished.fate = Fate::kFailed;
      finished.step = "fuse";
      finished.reason = "kLimit";
      finished.detail = "prompt of 9000 tokens";
      finished.row.filled = finished.row.filled - Columns{Column::kCaption, Column::kCleanedBy};
    }
    shard.rows.push_back(std::move(finished));
  }
  return shard;
}

}  // namespace kale
