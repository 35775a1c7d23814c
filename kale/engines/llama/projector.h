// Pictures as a language model takes them in: tokens that mark where one begins and ends, and cells
// whose embeddings the projector (mmproj) makes of its pixels. On llama.cpp's mtmd.
// Errors   load(): kBadConfig naming the files and the cure. cut(): kRejected for a picture that
//          the model cannot take, kLimit for one too large. encode(), decode(): kEngineGone;
//          encode() once stopped: kCancelled
// Threads  cut() is safe from many threads, and decode() from as many as there are contexts;
//          encode() belongs to one at a time
// Units    cells of the KV cache; under M-RoPE (Qwen-VL) a picture takes fewer positions than cells
#pragma once

#include <atomic>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "kale/core/pixels.h"
#include "kale/core/result.h"
#include "kale/engines/llama/sampler.h"

struct llama_context;
struct llama_model;
struct mtmd_context;
struct mtmd_input_chunk;

namespace kale::llama {

// Markup, or the cells of a picture or of one tile of it.
struct PicturePart {
  std::vector<Token> markup;  // empty for cells
  int cells = 0;
  int positions = 0;
  std::shared_ptr<const mtmd_input_chunk> chunk;  // where each cell lies; until encoded, pixels
  std::vector<float> embeddings;                  // [cells, width of the model's input]
};

struct ProjectorOptions {
  std::filesystem::path path;
  int threads = 1;
  bool on_gpu = false;
  int tokens_min = 0;  // a picture, where the projector takes any resolution; 0: as it was made for
  int tokens_max = 0;
};

class Projector {
 public:
  // `stop` is looked at while a picture is encoded, which then ends early.
  static Result<std::unique_ptr<Projector>> load(const ProjectorOptions& options,
                                                 const llama_model& model,
                                                 const std::filesystem::path& model_path,
                                                 const std::atomic<bool>& stop);

  // Resizes and normalises, as the model was trained for. The pictures of one prompt, in order.
  Result<std::vector<PicturePart>> cut(std::span<const PixelsPtr> pictures) const;
  // In as few runs as the projector's graph allows. Lets the pixels go.
  Status encode(std::span<PicturePart* const> parts);
  // Into the cache of `context`, from `position` on. Lets the embeddings go.
  Status decode(PicturePart& part, llama_context* context, std::size_t position,
                int sequence) const;

  bool encodes_several() const { return encodes_several_; }
  // Tokens that a context must take in one batch.
  int batch_tokens() const { return batch_tokens_; }
  // Cells and markup of a picture of so many pixels.
  int tokens_of(int width, int height) const;

 private:
  struct Run;  // parts that are encoded together

  Projector(mtmd_context* context, std::size_t width, const std::atomic<bool>& stop);
  Status encode_run(Run& run);
  void learn_limits();
  bool decodes_at_once() const;

  struct Free {
    void operator()(mtmd_context* context) const;
  };
  std::unique_ptr<mtmd_context, Free> context_;
  const std::size_t width_;  // of an embedding
  const std::atomic<bool>& stop_;
  int batch_tokens_;
  bool encodes_several_ = false;
};

}  // namespace kale::llama
