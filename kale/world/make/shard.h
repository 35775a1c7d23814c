// The files of one shard: tar/SPLIT-00000.tar and parquet/SPLIT-00000.parquet.
// Errors   kIo from the disk; kCorrupt for files that are not what was written
// Threads  safe for different shards
// Format   docs/formats.md, "a world on disk"
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "kale/io/disk.h"
#include "kale/world/scene/scene.h"

namespace kale::world {

struct MadeScene {
  Scene scene;
  std::string jpeg;
};

// Both files are written aside, synced and renamed, the table last.
Status write_shard(Disk& disk, const std::filesystem::path& out, const std::string& name,
                   const std::vector<MadeScene>& scenes);
// Both files have their names; then the shard is whole.
Result<bool> has_shard(Disk& disk, const std::filesystem::path& out, const std::string& name);
// The truths in its tar.
Result<std::vector<Scene>> read_shard(Disk& disk, const std::filesystem::path& out,
                                      const std::string& name);

}  // namespace kale::world
