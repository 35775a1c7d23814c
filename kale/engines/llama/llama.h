// Answers prompts with a GGUF language model in this process, on llama.cpp; with the model's
// mmproj, prompts that hold pictures too.
//
// Rows     text, and pictures where there is an mmproj. The text of messages is never read as
//          control tokens or as a picture, whatever stands in it
// Errors   make_llama: kNotFound. start(): kBadConfig naming the file and the cure. generate():
//          kLimit when prompt and reply exceed context_tokens, kRejected for a picture the
//          projector cannot take, kCancelled once stopped, kEngineGone for everybody after
//          llama.cpp failed
// Threads  generate() is safe from many threads. Each worker is one thread with its own context and
//          KV cache beside the others' (and threads / workers helpers); weights are shared.
//          Pictures are encoded on a thread of their own while the workers decode
// Units    tokens of the model; a picture is some hundreds, each a cell of the cache
//
// Requests are answered by continuous batching: each decode takes one token of every reply that is
// being written and a piece of the prompts that wait. Shared messages are computed once per worker
// and kept, the prompt once per request; candidates copy both (a mark on the cache's cells).
// Pictures of several requests are encoded together where the projector's graph allows it, and each
// is decoded by itself between two batches.
//
// The trait `reproducible` holds only where each worker writes one reply at a time (sequences <=
// workers): with more, who shares a batch depends on timing, and batch shapes change the rounding
// of the matrix products, thus now and then a token. Even then it holds for one build, one CPU and
// one number of threads.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "kale/core/build.h"
#include "kale/core/options.h"

namespace kale {

struct LlamaOptions {
  std::string model;
  std::string mmproj;
  std::string chat_template;
  std::int64_t context_tokens = 2048;
  std::int64_t cache_tokens = 0;
  std::int64_t sequences = 16;
  std::int64_t workers = 0;
  std::int64_t threads = 0;
  std::int64_t encoder_threads = 0;
  std::int64_t gpu_layers = 0;
  std::int64_t image_tokens_min = 0;
  std::int64_t image_tokens_max = 0;
  std::int64_t new_tokens_max = 1024;
  std::int64_t loop_tokens_max = 32;
  std::int64_t loop_times = 4;

  void visit(OptionVisitor& v);
};

Result<std::unique_ptr<Engine>> make_llama(LlamaOptions options, const BuildContext& build);

}  // namespace kale
