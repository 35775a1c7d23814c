// What was published last, and from what: how an unchanged dataset is known, and which folders are
// ours to remove.
// Errors   kIo from the disk
// Format   docs/formats.md, "Publish stamp"
#pragma once

#include <filesystem>
#include <string>

#include "kale/write/publish.h"

namespace kale {

struct PublishStamp {
  std::string digest;  // of everything that the published bytes depend on; empty: under way
  PublishReport report;
  bool damaged = false;  // there is one, and nobody can tell what it names
};

// Whatever is odd about the stamp in `out` means that nothing is known to be published.
PublishStamp read_stamp(Disk& disk, const std::filesystem::path& out);
Status write_stamp(Disk& disk, const std::filesystem::path& out, const PublishStamp& stamp);

}  // namespace kale
