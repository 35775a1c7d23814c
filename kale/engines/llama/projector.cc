#include "kale/engines/llama/projector.h"

#include <fmt/format.h>
#include <ggml.h>
#include <llama.h>
#include <mtmd-helper.h>
#include <mtmd.h>

#include <algorithm>
#include <utility>

#include "kale/engines/llama/model.h"
#include "kale/llama_log/llama_log.h"

namespace kale::llama {
namespace {

using Bitmap = std::unique_ptr<mtmd_bitmap, mtmd::mtmd_bitmap_deleter>;
using Chunks = std::shared_ptr<mtmd_input_chunks>;

// Sizes that show how many tokens a picture may take, where its tokens must be decoded together.
constexpr std::pair<int, int> kLargePictures[] = {{4096, 4096}, {4096, 1024}, {1024, 4096}};
constexpr std::pair<int, int> kUsualPicture = {512, 512};
// Its pictures begin where the number of tokens before them tells, and ours are cut before that.
constexpr std::string_view kAligned = "deepseek4v";

bool is_cells(const mtmd_input_chunk* chunk) {
  return mtmd_input_chunk_get_type(chunk) != MTMD_INPUT_CHUNK_TYPE_TEXT;
}

Bitmap bitmap_of(const Pixels& pixels) {
  return Bitmap(mtmd_bitmap_init(static_cast<std::uint32_t>(pixels.width),
                                 static_cast<std::uint32_t>(pixels.height), pixels.rgb.data()));
}

// Has a size and no pixels: it is cut, and never encoded.
Bitmap blank(std::pair<int, int> size) {
  return Bitmap(mtmd_bitmap_init(static_cast<std::uint32_t>(size.first),
                                 static_cast<std::uint32_t>(size.second), nullptr));
}

// Pictures are parts of their own, never a marker in text, so no text can stand for one. nullptr
// where one cannot be taken.
Chunks chunks_of(const mtmd_context* context, const std::vector<Bitmap>& bitmaps) {
  std::vector<mtmd_input_part> parts;
  for (const Bitmap& bitmap : bitmaps) parts.push_back({nullptr, bitmap.get()});
  std::vector<const mtmd_input_part*> pointers;
  for (const mtmd_input_part& part : parts) pointers.push_back(&part);
  Chunks chunks(mtmd_input_chunks_init(), mtmd_input_chunks_free);
  int status =
      mtmd_tokenize_from_parts(context, chunks.get(), pointers.data(), pointers.size(), false);
  return status == 0 ? std::move(chunks) : nullptr;
}

Chunks chunks_of_blank(const mtmd_context* context, std::pair<int, int> size) {
  std::vector<Bitmap> bitmaps;
  bitmaps.push_back(blank(size));
  return chunks_of(context, bitmaps);
}

PicturePart part_of(const mtmd_input_chunk* chunk, const Chunks& chunks) {
  PicturePart part;
  if (is_cells(chunk)) {
    part.cells = static_cast<int>(mtmd_input_chunk_get_n_tokens(chunk));
    part.positions = mtmd_input_chunk_get_n_pos(chunk);
    part.chunk = {chunks, chunk};
  } else {
    std::size_t count = 0;
    const llama_token* tokens = mtmd_input_chunk_get_tokens_text(chunk, &count);
    part.markup.assign(tokens, tokens + count);
  }
  return part;
}

std::vector<PicturePart> parts_of(const Chunks& chunks) {
  std::vector<PicturePart> parts;
  for (std::size_t i = 0; chunks && i < mtmd_input_chunks_size(chunks.get()); ++i)
    parts.push_back(part_of(mtmd_input_chunks_get(chunks.get(), i), chunks));
  return parts;
}

// Asked for each tensor that is computed: first whether to be told of it, then to go on.
bool goes_on(ggml_tensor* tensor, bool ask, void* stop) {
  if (ask) return tensor->op == GGML_OP_MUL_MAT;
  return !static_cast<const std::atomic<bool>*>(stop)->load(std::memory_order_relaxed);
}

mtmd_context_params params_for(const ProjectorOptions& options, const std::atomic<bool>& stop) {
  auto params = mtmd_context_params_default();
  params.use_gpu = options.on_gpu;
  params.print_timings = false;
  params.n_threads = options.threads;
  if (options.tokens_min > 0) params.image_min_tokens = options.tokens_min;
  if (options.tokens_max > 0) params.image_max_tokens = options.tokens_max;
  if (!options.on_gpu) {  // there it would break the graph into pieces, which are short anyway
    params.cb_eval = goes_on;
    params.cb_eval_user_data = const_cast<std::atomic<bool>*>(&stop);
  }
  return params;
}

Error unfit(const ProjectorOptions& options, std::string why) {
  return {Code::kBadConfig, fmt::format("mmproj: {}: {}", options.path.string(), why)};
}

// What can be told from the header, in words of ours.
Status check_header(const ProjectorOptions& options) {
  KALE_TRY(auto header, read_header(options.path));
  if (header.architecture != "clip")
    return unfit(options, fmt::format("holds a language model ({}) and no projector; name the "
                                      "model's mmproj file, as llama.cpp's convert_hf_to_gguf.py "
                                      "--mmproj makes it",
                                      header.architecture));
  if (header.projector == kAligned)
    return unfit(options, fmt::format("a projector of form {} is not supported in process; serve "
                                      "the model with llama-server (kind: http)",
                                      kAligned));
  return {};
}

}  // namespace

void Projector::Free::operator()(mtmd_context* context) const { mtmd_free(context); }

struct Projector::Run {
  explicit Run(mtmd_context* context) : batch(mtmd_batch_init(context)) {}
  ~Run() { mtmd_batch_free(batch); }
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;

  // False where it can not be encoded together with those before it.
  bool add(PicturePart& part) {
    if (mtmd_batch_add_chunk(batch, part.chunk.get()) != 0) return false;
    parts.push_back(&part);
    return true;
  }

  mtmd_batch* const batch;
  std::vector<PicturePart*> parts;
};

Projector::Projector(mtmd_context* context, std::size_t width, const std::atomic<bool>& stop)
    : context_(context), width_(width), stop_(stop), batch_tokens_(kBatchTokensMax) {}

Result<std::unique_ptr<Projector>> Projector::load(const ProjectorOptions& options,
                                                   const llama_model& model,
                                                   const std::filesystem::path& model_path,
                                                   const std::atomic<bool>& stop) {
  KALE_OK(check_header(options));
  last_llama_errors();
  auto* context = mtmd_init_from_file(options.path.c_str(), &model, params_for(options, stop));
  if (!context)
    return unfit(options, fmt::format("does not fit {}, or is torn; name the mmproj file that was "
                                      "made with this very model (llama.cpp: {})",
                                      model_path.string(), last_llama_errors()));
  auto width = static_cast<std::size_t>(llama_model_n_embd_inp(&model));
  std::unique_ptr<Projector> projector(new Projector(context, width, stop));
  if (!mtmd_support_vision(context))
    return unfit(options, "is made for sound, not for pictures; name the mmproj file of a VLM");
  projector->learn_limits();
  return projector;
}

void Projector::learn_limits() {
  if (decodes_at_once()) {
    for (auto size : kLargePictures)
      for (const PicturePart& part : parts_of(chunks_of_blank(context_.get(), size)))
        batch_tokens_ = std::max(batch_tokens_, part.cells);
  }
  for (PicturePart& part : parts_of(chunks_of_blank(context_.get(), kUsualPicture))) {
    Run run(context_.get());
    if (part.cells > 0) encodes_several_ = run.add(part) && run.add(part);
  }
}

// Cells of a picture that see each other whatever their order (Gemma) cannot be split.
bool Projector::decodes_at_once() const {
  return mtmd_decode_use_non_causal(context_.get(), nullptr);
}

int Projector::tokens_of(int width, int height) const {
  Chunks chunks = chunks_of_blank(context_.get(), {width, height});
  return chunks ? static_cast<int>(mtmd_helper_get_n_tokens(chunks.get())) : 0;
}

Result<std::vector<PicturePart>> Projector::cut(std::span<const PixelsPtr> pictures) const {
  std::vector<Bitmap> bitmaps;
  for (const PixelsPtr& pixels : pictures) bitmaps.push_back(bitmap_of(*pixels));
  auto parts = parts_of(chunks_of(context_.get(), bitmaps));
  if (parts.empty())
    return Error{Code::kRejected,
                 fmt::format("the projector cannot take a picture of {} x {} pixels (llama.cpp: "
                             "{})",
                             pictures[0]->width, pictures[0]->height, last_llama_errors())};
  for (const PicturePart& part : parts)
    if (decodes_at_once() && part.cells > batch_tokens_)
      return Error{Code::kLimit,
                   fmt::format("a picture of {} tokens, where the model takes {} at once; lower "
                               "image_tokens_max to that",
                               part.cells, batch_tokens_)};
  return parts;
}

Status Projector::encode(std::span<PicturePart* const> parts) {
  for (std::size_t begun = 0; begun < parts.size();) {
    Run run(context_.get());
    while (begun < parts.size() && run.add(*parts[begun])) ++begun;
    KALE_CHECK(!run.parts.empty(), "mtmd refuses to encode one part alone");
    KALE_OK(encode_run(run));
  }
  return {};
}

Status Projector::encode_run(Run& run) {
  int status = mtmd_batch_encode(run.batch);
  if (stop_.load(std::memory_order_relaxed))
    return Error{Code::kCancelled, "the llama engine is stopping"};
  if (status != 0)
    return Error{Code::kEngineGone,
                 fmt::format("llama.cpp failed to encode a picture: {}", last_llama_errors())};
  for (PicturePart* part : run.parts) {
    const float* embeddings = mtmd_batch_get_output_embd(run.batch, part->chunk.get());
    KALE_CHECK(embeddings, "mtmd holds no embeddings of what it encoded");
    part->embeddings.assign(embeddings,
                            embeddings + static_cast<std::size_t>(part->cells) * width_);
  }
  for (PicturePart* part : run.parts) {
    part->chunk.reset(mtmd_input_chunk_get_placeholder(part->chunk.get()), mtmd_input_chunk_free);
    KALE_CHECK(part->chunk, "mtmd makes no placeholder of a part");
  }
  return {};
}

Status Projector::decode(PicturePart& part, llama_context* context, std::size_t position,
                         int sequence) const {
  KALE_CHECK(!part.embeddings.empty(), "a picture is decoded before it is encoded");
  llama_pos after = 0;
  int status = mtmd_helper_decode_image_chunk(
      context_.get(), context, part.chunk.get(), part.embeddings.data(),
      static_cast<llama_pos>(position), sequence, batch_tokens_, &after, nullptr, nullptr);
  if (status != 0)
    return Error{Code::kEngineGone, fmt::format("llama.cpp failed to decode a picture ({}): {}",
                                                status, last_llama_errors())};
  part.embeddings = {};
  return {};
}

}  // namespace kale::llama
