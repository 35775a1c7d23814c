// Says what a picture shows: EfficientNet-Lite2 over the 1000 ImageNet classes, in libtorch.
// An engine: prompt.images[0] in, JSON out, the five likeliest classes, likeliest first:
// {"classes": [{"name": "lion", "probability": 0.93}, ...]}. libtorch is opened by start().
// Errors   kNotBuilt without libkale_torch.so; kBadConfig when weights or names do not fit;
//          kEngineGone when libtorch fails; kCancelled after stop()
// Threads  generate() is safe from many threads; a few threads serve whoever waits, each alone and
//          in batches of a fixed, padded shape, so that an answer depends on its picture only
#pragma once

#include <memory>
#include <string>

#include "kale/core/build.h"
#include "kale/core/options.h"

namespace kale {

struct TorchOptions {
  std::string weights;
  std::string classes;
  std::int64_t batch_size = 1;
  std::int64_t threads = 0;
  std::string library;

  void visit(OptionVisitor& v) {
    // The contents of both files are in the model's digest.
    v.field({.name = "weights",
             .help = "efficientnet-lite2.safetensors, made by scripts/convert_efficientnet.py",
             .affects = Affects::kSpeedOnly},
            weights);
    v.field({.name = "classes",
             .help = "names of the classes, one a line, in the order of the network's outputs",
             .affects = Affects::kSpeedOnly},
            classes);
    v.field(
        {.name = "batch_size",
         .help = "pictures a thread computes at once; smaller batches are padded to it. On a CPU "
                 "more than 1 gains nothing",
         .min = 1,
         .max = 64},
        batch_size);
    v.field({.name = "threads",
             .help = "threads that serve, one batch each; 0 for all cores",
             .affects = Affects::kSpeedOnly,
             .min = 0,
             .max = 256},
            threads);
    v.field({.name = "library",
             .help = "path of libkale_torch.so; empty to find it",
             .affects = Affects::kSpeedOnly},
            library);
  }
};

Result<std::unique_ptr<Engine>> make_torch(TorchOptions options, const BuildContext& build);

}  // namespace kale
