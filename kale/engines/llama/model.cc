#include "kale/engines/llama/model.h"

#include <fmt/format.h>
#include <ggml-cpu.h>
#include <gguf.h>
#include <llama.h>

#include <fstream>

#include "kale/llama_log/llama_log.h"

namespace kale::llama {
namespace {

Error bad(const std::filesystem::path& path, std::string why) {
  std::string errors = last_llama_errors();
  if (!errors.empty()) why += fmt::format(" (llama.cpp: {})", errors);
  return {Code::kBadConfig, fmt::format("{}: {}", path.string(), why)};
}

bool begins_like_gguf(const std::filesystem::path& path) {
  char magic[4] = {};
  std::ifstream(path, std::ios::binary).read(magic, sizeof magic);
  return std::string_view(magic, sizeof magic) == "GGUF";
}

struct FreeGguf {
  void operator()(gguf_context* file) const { gguf_free(file); }
};

std::string text_of(const gguf_context& file, const char* key) {
  std::int64_t at = gguf_find_key(&file, key);
  if (at < 0 || gguf_get_kv_type(&file, at) != GGUF_TYPE_STRING) return {};
  return gguf_get_val_str(&file, at);
}

bool stop_asked(void* stop) {
  return static_cast<const std::atomic<bool>*>(stop)->load(std::memory_order_relaxed);
}

}  // namespace

void Free::operator()(llama_model* model) const { llama_model_free(model); }
void Free::operator()(llama_context* context) const { llama_free(context); }
void Free::operator()(ggml_threadpool* pool) const { ggml_threadpool_free(pool); }

Result<Header> read_header(const std::filesystem::path& path) {
  begin_llama();
  last_llama_errors();
  if (!begins_like_gguf(path))
    return bad(path,
               "not a GGUF file; name one, or make one of a Hugging Face model with "
               "llama.cpp's convert_hf_to_gguf.py");
  std::unique_ptr<gguf_context, FreeGguf> file(gguf_init_from_file(path.c_str(), {true, nullptr}));
  if (!file) return bad(path, "a GGUF file that is torn, or too new for this build");
  Header header{text_of(*file, "general.architecture"), text_of(*file, "clip.projector_type")};
  if (header.projector.empty()) header.projector = text_of(*file, "clip.vision.projector_type");
  return header;
}

Result<Weights> load_weights(const std::filesystem::path& path, int gpu_layers) {
  KALE_TRY(auto header, read_header(path));
  if (header.architecture == "clip")
    return bad(path,
               "holds the projector of a VLM, which goes to mmproj; name the file with its "
               "language model here");
  auto params = llama_model_default_params();
  params.n_gpu_layers = gpu_layers;
  Weights model(llama_model_load_from_file(path.c_str(), params));
  if (!model)
    return bad(path, "llama.cpp cannot load it; it may be torn, or too new for this build");
  if (!llama_model_has_decoder(model.get()) || llama_model_has_encoder(model.get()))
    return bad(path, "not a language model that only decodes; name a chat model");
  return model;
}

Result<Decoder> make_decoder(llama_model& model, const ContextSize& size,
                             const std::filesystem::path& path, const std::atomic<bool>& stop) {
  auto params = llama_context_default_params();
  params.n_ctx = static_cast<std::uint32_t>(size.cells);
  params.n_batch = static_cast<std::uint32_t>(size.batch_tokens);
  params.n_ubatch = params.n_batch;
  params.n_seq_max = static_cast<std::uint32_t>(size.sequence_ids);
  params.n_outputs_max = params.n_seq_max;  // a prompt and a reply end in one batch at most each
  params.n_threads = size.threads;
  params.n_threads_batch = size.threads;
  params.kv_unified = true;  // copying a sequence marks cells and moves no data
  params.no_perf = true;
  params.abort_callback = stop_asked;
  params.abort_callback_data = const_cast<std::atomic<bool>*>(&stop);
  Decoder decoder;
  decoder.context.reset(llama_init_from_model(&model, params));
  if (!decoder.context)
    return bad(path, fmt::format("no room for a context of {} tokens; lower cache_tokens, "
                                 "sequences or context_tokens",
                                 size.cells));
  if (!llama_get_memory(decoder.context.get()) || !llama_get_causal_attn(decoder.context.get()))
    return bad(path, "not a language model (it makes embeddings); name a chat model");
  if (size.threads > 1) {
    auto pool = ggml_threadpool_params_default(size.threads);
    pool.poll = 0;  // idle threads sleep: the cores are shared with other steps
    decoder.pool.reset(ggml_threadpool_new(&pool));
    if (!decoder.pool) return bad(path, fmt::format("cannot start {} threads", size.threads));
    llama_attach_threadpool(decoder.context.get(), decoder.pool.get(), decoder.pool.get());
  }
  return decoder;
}

Result<std::string> own_template(const llama_model& model, const std::filesystem::path& path) {
  const char* source = llama_model_chat_template(&model, nullptr);
  if (!source)
    return bad(path,
               "holds no chat template, so it may be a base model; name a chat model, or set "
               "chat_template, for example to chatml");
  return std::string(source);
}

}  // namespace kale::llama
