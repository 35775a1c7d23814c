// Makes what others load, from the parts that the ledger names: a folder for each format
// (kale/write/format.h) and a dataset card. Readers of a folder see the old one or the whole new
// one; an unchanged dataset is left alone.
// Paper    PAPER.md table 1 is the form of the card's table (docs/paper_map.md)
// Errors   kNotFound, kCorrupt for a part that is gone or damaged; kNotFound for a picture that
//          has gone or changed; kBadConfig where another's files stand in a format's place; kIo
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
#include "kale/write/format.h"
#include "kale/write/picture.h"

namespace kale {

struct PublishOptions {
  std::string name = "kale";
  std::string licence = "other";
  std::string language = "en";
  std::int64_t file_megabytes = 500;
  std::vector<std::string> formats = {"parquet"};
  bool image_bytes = false;

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
    v.field({.name = "formats",
             .help = "what to publish as; see docs/formats.md, \"Published files\"",
             .affects = Affects::kSpeedOnly,
             .choices = format_names()},
            formats);
    v.field({.name = "image_bytes",
             .help = "put the encoded pictures, read from the source again, into what is published",
             .affects = Affects::kSpeedOnly},
            image_bytes);
  }
};

struct PublishPlan {
  std::filesystem::path out;
  std::vector<WrittenShard> shards;  // as the ledger has them, in shard order
  PublishOptions options;
  OpenShard open_shard;  // asked only with image_bytes
};

struct PublishedFormat {
  std::string name;
  std::string folder;  // relative to the output folder
  std::int64_t files = 0;
  std::int64_t bytes = 0;
};

struct PublishReport {
  bool changed = false;  // false: what is there already is this dataset
  std::int64_t rows = 0;
  std::vector<PublishedFormat> formats;  // in the order of format_table()
  std::vector<PublishedFile> files;      // relative to the output folder; not those of one row
  // Folders of formats that were published before and are no longer asked for; they are gone.
  std::vector<std::string> removed;
};

// Fails where publish() would, before anything has been captioned.
Status check_publish(const PublishOptions& options);
// The same of the folders it would write into: one that holds what kale did not put there is not
// its to replace.
Status check_places(Disk& disk, const std::filesystem::path& out, const PublishOptions& options);

Result<PublishReport> publish(Disk& disk, const PublishPlan& plan);

}  // namespace kale
