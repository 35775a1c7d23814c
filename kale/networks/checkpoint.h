// Folders as Hugging Face's: config.json beside model.safetensors, or beside shards that
// model.safetensors.index.json names.
// Format   docs/formats.md; F32, F16 and BF16 are read, F32 is written unless the network is of
//          another kind
// Errors   kNotFound for a folder without such files; kBadConfig for tensors that are missing, left
//          over or of another shape, by their names; kCorrupt for damaged files; the disk's own
// Threads  one at a time for one folder
#pragma once

#include <filesystem>
#include <memory>

#include "kale/io/disk.h"
#include "kale/models/folder.h"
#include "kale/networks/network.h"

namespace kale {

struct LoadOptions {
  at::ScalarType type = at::kFloat;
  at::Device device = at::kCPU;
};

// A network of the kind that the folder holds, on `config`'s tensors.
std::unique_ptr<Network> make_network(const NetworkConfig& config);

// Fills all tensors of the network from the folder's files. The vision tower of a dual encoder may
// be loaded out of its folder.
Status load_weights(Disk& disk, const std::filesystem::path& folder, Network& network,
                    LoadOptions options);

// Both.
Result<std::unique_ptr<Network>> load_network(Disk& disk, const std::filesystem::path& folder,
                                              LoadOptions options);

// config.json and model.safetensors, each written aside, synced and renamed.
Status save_network(Disk& disk, const std::filesystem::path& folder, Network& network);

}  // namespace kale
