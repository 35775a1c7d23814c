// Opens libkale_torch.so and the network in it.
// Errors   kNotBuilt when the library is not there or does not fit; kBadConfig when the weights are
//          not those of the network
// Threads  run() is safe from many threads, and computes on the calling one
// Units    images [batch, 3, side, side]; logits [batch, classes]
#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "kale/core/result.h"
#include "kale/engines/torch/library/network.h"
#include "kale/models/safetensors.h"

namespace kale {

class TorchNetwork {
 public:
  // `library` is a path, or empty to look beside the program and in lib/ of the folders above it.
  static Result<std::unique_ptr<TorchNetwork>> open(const std::filesystem::path& library,
                                                    const Safetensors& weights);
  // Of a door already open; owns the network.
  TorchNetwork(const KaleTorchDoor& door, KaleNetwork* network) : door_(door), network_(network) {}
  ~TorchNetwork();
  TorchNetwork(const TorchNetwork&) = delete;
  TorchNetwork& operator=(const TorchNetwork&) = delete;

  Result<std::vector<float>> run(std::span<const float> images, int batch, int side, int classes);

 private:
  const KaleTorchDoor& door_;
  KaleNetwork* network_;
};

}  // namespace kale
