// Makes the folder that others load: core/train-*.parquet and a dataset card, from the parts that
// the ledger names. Readers see the old dataset or the whole new one; an unchanged one is left
// alone.
// Paper    PAPER.md table 1 is the form of the card's table (docs/paper_map.md)
// Errors   kNotFound, kCorrupt for a part that is gone or damaged; kIo; kBadConfig where an extra
//          column has two types
// Threads  one publish() of a folder at a time
// Format   docs/formats.md, "Published files"
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "kale/core/options.h"
#include "kale/core/sink.h"
#include "kale/io/disk.h"

namespace kale {

struct PublishOptions {
  std::string name = "kale";
  std::string licence = "other";
  std::string language = "en";
  std::int64_t file_megabytes = 500;

  void visit(OptionVisitor& v) {
    v.field({.name = "name", .help = "title of the dataset card", .affects = Affects::kSpeedOnly},
            name);
    v.field({.name = "licence",
             .help = "the Hub's name for the licence of the captions",
             .affects = Affects::kSpeedOnly},
            licence);
    v.field({.name = "language",
             .help = "ISO 639-1 code of the captions' language",
             .affects = Affects::kSpeedOnly},
            language);
    v.field({.name = "file_megabytes",
             .help = "a published file ends once it has this many megabytes (10^6 bytes)",
             .affects = Affects::kSpeedOnly,
             .min = 1,
             .max = 100000},
            file_megabytes);
  }
};

struct PublishPlan {
  std::filesystem::path out;
  std::vector<WrittenShard> shards;  // as the ledger has them, in shard order
  PublishOptions options;
};

struct PublishReport {
  bool changed = false;  // false: what is there already is this dataset
  std::int64_t rows = 0;
  std::int64_t bytes = 0;
  std::vector<std::string> files;  // relative to the output folder
};

Result<PublishReport> publish(Disk& disk, const PublishPlan& plan);

// Up to `count` published rows, spread evenly over the first row group; for people to look at.
Result<std::vector<Row>> sample_rows(Disk& disk, const std::filesystem::path& out,
                                     std::int64_t count);

}  // namespace kale
