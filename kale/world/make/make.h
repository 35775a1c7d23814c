// Makes a world: scenes composed, drawn, told and written in shards. Shards that an earlier call
// with the same options left whole are kept: after a kill the same call ends in the same bytes.
// Errors   kBadConfig for options and for an output folder that holds another world's scenes of the
//          split, kCorrupt for a shard there that is damaged, kNotFound for packages that are
//          missing, kIo from the disk
// Threads  one at a time; works with as many as asked for, and the bytes are always the same
// Units    two shards of scenes are in memory at a time, and Cutouts
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "kale/io/disk.h"
#include "kale/world/make/counts.h"
#include "kale/world/parts/catalogue.h"
#include "kale/world/scene/scene.h"

namespace kale::world {

inline constexpr std::int64_t kShardRows = 1000;
inline constexpr std::int64_t kRowsMax = 100'000'000;
inline constexpr int kSizeMin = 128;
inline constexpr int kSizeMax = 1024;
inline constexpr int kThreadsMax = 256;

struct MakeOptions {
  std::int64_t rows = 0;
  std::uint64_t seed = 0;
  std::filesystem::path out;
  std::filesystem::path cutouts;  // empty: out/cutouts
  int size = 224;                 // of a picture's longer side
  int threads = 1;
  Split split = Split::kTrain;
  std::int64_t shard_rows = kShardRows;
  Packages packages;
};

// After each shard: how many scenes there are, and how many of these were there before.
using MakeProgress = std::function<void(std::int64_t done, std::int64_t found)>;

Result<Counts> make_world(Disk& disk, const MakeOptions& options, const MakeProgress& progress);

}  // namespace kale::world
