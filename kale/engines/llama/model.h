// Weights and contexts of llama.cpp, owned and checked.
// Errors   kBadConfig naming the file and the cure
// Threads  weights are shared by contexts on several threads; a context belongs to one at a time
#pragma once

#include <atomic>
#include <filesystem>
#include <memory>
#include <string>

#include "kale/core/result.h"

struct llama_model;
struct llama_context;
struct ggml_threadpool;

namespace kale::llama {

struct Free {
  void operator()(llama_model* model) const;
  void operator()(llama_context* context) const;
  void operator()(ggml_threadpool* pool) const;
};
using Weights = std::unique_ptr<llama_model, Free>;

struct ContextSize {
  int cells = 0;         // tokens in the KV cache
  int sequence_ids = 0;  // that the cache can tell apart
  int replies = 0;       // written at once
  int threads = 1;
  int batch_tokens = 0;  // computed at once
};

inline constexpr int kBatchTokensMax = 512;

// What a GGUF file says of itself.
struct Header {
  std::string architecture;  // "clip" for all projectors
  std::string projector;     // its form, where it is one
};
// kBadConfig where the file is no GGUF.
Result<Header> read_header(const std::filesystem::path& path);

// A context and the threads that compute for it. Decodes of one model may run beside each other.
struct Decoder {
  std::unique_ptr<ggml_threadpool, Free> pool;  // outlives the context that uses it
  std::unique_ptr<llama_context, Free> context;
};

Result<Weights> load_weights(const std::filesystem::path& path, int gpu_layers);
// `stop` is looked at while a decode runs, which then ends early.
Result<Decoder> make_decoder(llama_model& model, const ContextSize& size,
                             const std::filesystem::path& path, const std::atomic<bool>& stop);
// The template that the GGUF holds.
Result<std::string> own_template(const llama_model& model, const std::filesystem::path& path);

}  // namespace kale::llama
