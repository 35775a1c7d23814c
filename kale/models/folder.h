// What stands in a Hugging Face folder: the network's config, its picture processor's, and the
// files that hold its weights.
// Format   docs/formats.md
// Errors   kNotFound for a folder without such files; kCorrupt for an index that names files
//          outside; those of config.h, picture_config.h and the disk
// Threads  free functions
#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "kale/io/disk.h"
#include "kale/models/config.h"
#include "kale/models/picture_config.h"

namespace kale {

inline constexpr std::int64_t kConfigBytesMax = 1 << 20;
inline constexpr std::int64_t kIndexBytesMax = 64 << 20;

// Of config.json.
Result<NetworkConfig> load_config(Disk& disk, const std::filesystem::path& folder);

// The key image_processor of processor_config.json, as transformers 5 writes it, else
// preprocessor_config.json.
Result<PictureConfig> load_picture_config(Disk& disk, const std::filesystem::path& folder);

// model.safetensors alone, or the shards of model.safetensors.index.json.
Result<std::vector<std::filesystem::path>> weight_files(Disk& disk,
                                                        const std::filesystem::path& folder);

}  // namespace kale
