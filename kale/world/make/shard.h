// The files of one shard: tar/SPLIT-00000.tar and parquet/SPLIT-00000.parquet.
// Errors   kIo from the disk
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

std::string shard_name(Split split, std::int64_t shard);  // "train-00000"
// Both files are written aside, synced and renamed.
Status write_shard(Disk& disk, const std::filesystem::path& out, const std::string& name,
                   const std::vector<MadeScene>& scenes);

}  // namespace kale::world
