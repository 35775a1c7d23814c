// Which files hold the weights of a Hugging Face folder.
// Errors   kNotFound for a folder without weights; kCorrupt for an index that names files outside
// Threads  free functions
#pragma once

#include <filesystem>
#include <vector>

#include "kale/io/disk.h"

namespace kale {

// model.safetensors alone, or the shards of model.safetensors.index.json.
Result<std::vector<std::filesystem::path>> weight_files(Disk& disk,
                                                        const std::filesystem::path& folder);

}  // namespace kale
