// Cut-outs and wallpapers, made once by libvips from the files of their packages and kept in a
// folder, so that the next scene, and the next run, only reads them. A kept file says of which
// bytes, by which revision and to which pixels it was made; one that does not hold is made again.
// Errors   kCorrupt for a file that libvips does not read, kIo from the disk
// Threads  safe; a picture is made by one thread, and others wait for it
// Units    in memory at most kCutoutBytesMax, the pictures longest unused going first
// Format   docs/formats.md, "cut-outs"
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

#include "kale/io/disk.h"
#include "kale/world/draw/raster.h"
#include "kale/world/parts/catalogue.h"

namespace kale::world {

inline constexpr std::int64_t kCutoutBytesMax = std::int64_t{512} << 20;
inline constexpr int kCutoutSideMax = 1024;
// Raised where the same file gives other pixels.
inline constexpr int kCutoutRevision = 1;

using RasterPtr = std::shared_ptr<const Raster>;

class Cutouts {
 public:
  // Cut-outs have their longer side `side` pixels long, wallpapers cover a square of twice that.
  Cutouts(Disk& disk, std::filesystem::path folder, int side);

  // rgba, colours multiplied by alpha, trimmed to what is opaque.
  Result<RasterPtr> part(const Part& part);
  Result<RasterPtr> wallpaper(const Wallpaper& wallpaper);  // rgb

 private:
  struct Entry {
    std::string key;
    RasterPtr raster;
  };
  struct Wanted {
    std::string name;
    const std::filesystem::path& file;
    int side;
    int bands;
    std::function<Result<Raster>()> make;
  };
  static constexpr std::size_t kMakers = 16;
  Result<RasterPtr> get(const Wanted& wanted);
  Result<RasterPtr> kept_or_made(const Wanted& wanted);
  RasterPtr remembered(const std::string& key);
  void remember(const std::string& key, const RasterPtr& raster);

  Disk& disk_;
  std::filesystem::path folder_;
  int side_;
  std::array<std::mutex, kMakers> making_;  // by the hash of the name; taken before mutex_
  std::mutex mutex_;
  std::list<Entry> newest_first_;
  std::unordered_map<std::string, std::list<Entry>::iterator> by_key_;
  std::int64_t bytes_ = 0;
};

}  // namespace kale::world
