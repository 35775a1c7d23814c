// A contact sheet: the first scenes of a world side by side, with alt-text and brief caption below.
// Errors   kNotFound where the folder holds no tar, kCorrupt for one that is damaged, kBadConfig
//          where all scenes are skipped
// Threads  one at a time
#pragma once

#include <filesystem>
#include <string>

#include "kale/core/result.h"
#include "kale/io/disk.h"

namespace kale::world {

inline constexpr int kSheetScenes = 60;
inline constexpr int kSheetScenesMax = 1000;

// A PNG of `count` scenes out of the tars in `world`/tar, by name, from the first after `skip`.
Result<std::string> contact_sheet(Disk& disk, const std::filesystem::path& world, int count,
                                  int skip);

}  // namespace kale::world
