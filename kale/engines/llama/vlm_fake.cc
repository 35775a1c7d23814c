#include "kale/engines/llama/vlm_fake.h"

#include <fmt/format.h>
#include <ggml.h>
#include <gguf.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <deque>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "kale/core/rng.h"

namespace kale::llama {
namespace {

constexpr std::size_t kTensorsMax = 256;
// Of the vision transformer: patches of 14 pixels, 8 by 8 of them.
constexpr int kPatchPx = 14, kSide = 8, kWidth = 64, kHidden = 160, kHeads = 4, kBlocks = 2;
constexpr std::array<float, 3> kMean{0.48f, 0.46f, 0.41f}, kDeviation{0.27f, 0.26f, 0.28f};

class GgufWriter {
 public:
  explicit GgufWriter(std::uint64_t seed)
      : rng_(seed),
        file_(gguf_init_empty()),
        tensors_(ggml_init({ggml_tensor_overhead() * kTensorsMax, nullptr, true})) {}
  ~GgufWriter() {
    ggml_free(tensors_);
    gguf_free(file_);
  }
  GgufWriter(const GgufWriter&) = delete;
  GgufWriter& operator=(const GgufWriter&) = delete;

  gguf_context* file() { return file_; }
  void set(const std::string& key, int value) {
    gguf_set_val_u32(file_, key.c_str(), static_cast<std::uint32_t>(value));
  }
  void set(const std::string& key, float value) { gguf_set_val_f32(file_, key.c_str(), value); }
  void set(const std::string& key, bool value) { gguf_set_val_bool(file_, key.c_str(), value); }
  void set(const std::string& key, const char* value) {
    gguf_set_val_str(file_, key.c_str(), value);
  }
  template <class T>
  void set(const std::string& key, gguf_type type, const std::vector<T>& values) {
    gguf_set_arr_data(file_, key.c_str(), type, values.data(), values.size());
  }

  // Weights about 0 of such a size that what they make is about as large as what they are given.
  void weights(const std::string& name, std::vector<std::int64_t> shape) {
    double inputs = 1;
    for (std::size_t i = 0; i + 1 < shape.size(); ++i) inputs *= static_cast<double>(shape[i]);
    double reach = std::sqrt(3 / inputs);
    auto values = add(name, shape);
    for (float& value : values) value = static_cast<float>((2 * rng_.uniform() - 1) * reach);
  }
  void constant(const std::string& name, std::int64_t count, float value) {
    auto values = add(name, {count});
    std::fill(values.begin(), values.end(), value);
  }
  // name.weight [in, out] and name.bias [out]
  void linear(const std::string& name, std::int64_t in, std::int64_t out) {
    weights(name + ".weight", {in, out});
    constant(name + ".bias", out, 0.01f);
  }
  void norm(const std::string& name, std::int64_t width) {
    constant(name + ".weight", width, 1);
    constant(name + ".bias", width, 0);
  }

  Status write(const std::filesystem::path& path) {
    if (gguf_write_to_file(file_, path.c_str(), false)) return {};
    return Error{Code::kIo, fmt::format("{}: cannot be written", path.string())};
  }

 private:
  std::span<float> add(const std::string& name, const std::vector<std::int64_t>& shape) {
    ggml_tensor* tensor =
        ggml_new_tensor(tensors_, GGML_TYPE_F32, static_cast<int>(shape.size()), shape.data());
    ggml_set_name(tensor, name.c_str());
    auto& values = data_.emplace_back(static_cast<std::size_t>(ggml_nelements(tensor)));
    tensor->data = values.data();
    gguf_add_tensor(file_, tensor);
    return values;
  }

  Rng rng_;
  gguf_context* const file_;
  ggml_context* const tensors_;
  std::deque<std::vector<float>> data_;
};

void write_vision(GgufWriter& out) {
  out.set("general.architecture", "clip");
  out.set("clip.has_vision_encoder", true);
  out.set("clip.use_gelu", true);
  out.set("clip.vision.image_size", kSide * kPatchPx);
  out.set("clip.vision.patch_size", kPatchPx);
  out.set("clip.vision.embedding_length", kWidth);
  out.set("clip.vision.feed_forward_length", kHidden);
  out.set("clip.vision.block_count", kBlocks);
  out.set("clip.vision.projection_dim", kWidth);
  out.set("clip.vision.attention.head_count", kHeads);
  out.set("clip.vision.attention.layer_norm_epsilon", 1e-5f);
  out.set("clip.vision.image_mean", GGUF_TYPE_FLOAT32, std::vector(kMean.begin(), kMean.end()));
  out.set("clip.vision.image_std", GGUF_TYPE_FLOAT32,
          std::vector(kDeviation.begin(), kDeviation.end()));
  out.weights("v.patch_embd.weight", {kPatchPx, kPatchPx, 3, kWidth});
  for (int i = 0; i < kBlocks; ++i) {
    std::string block = fmt::format("v.blk.{}.", i);
    for (const char* part : {"attn_q", "attn_k", "attn_v", "attn_out"})
      out.linear(block + part, kWidth, kWidth);
    out.norm(block + "ln1", kWidth);
    out.norm(block + "ln2", kWidth);
    out.linear(block + "ffn_up", kWidth, kHidden);
    out.linear(block + "ffn_down", kHidden, kWidth);
  }
}

void write_llava(GgufWriter& out, int width) {
  out.set("clip.projector_type", "mlp");
  // Without it the last block is left out.
  out.set("clip.vision.feature_layer", GGUF_TYPE_INT32, std::vector<std::int32_t>{kBlocks});
  out.weights("v.class_embd", {kWidth});
  out.weights("v.position_embd.weight", {kWidth, kSide * kSide + 1});
  out.norm("v.pre_ln", kWidth);
  out.linear("mm.0", kWidth, width);
  out.linear("mm.2", width, width);
}

void write_internvl(GgufWriter& out, int width) {
  constexpr int kMerged = 4 * kWidth;
  out.set("clip.projector_type", "internvl");
  out.set("clip.vision.projector.scale_factor", 2);
  out.set("clip.vision.preproc_max_tiles", 4);
  out.weights("v.class_embd", {kWidth});
  out.weights("v.position_embd.weight", {kWidth, kSide * kSide + 1});
  out.norm("mm.model.mlp.0", kMerged);
  out.linear("mm.model.mlp.1", kMerged, width);
  out.linear("mm.model.mlp.3", width, width);
}

void write_gemma3(GgufWriter& out, int width) {
  out.set("clip.projector_type", "gemma3");
  out.set("clip.vision.projector.scale_factor", 2);
  out.weights("v.position_embd.weight", {kWidth, kSide * kSide});
  out.norm("v.post_ln", kWidth);
  out.constant("mm.soft_emb_norm.weight", kWidth, 1);
  out.weights("mm.input_projection.weight", {width, kWidth});
}

void write_qwen2vl(GgufWriter& out, int width) {
  constexpr int kMerged = 4 * kWidth;
  out.set("clip.projector_type", "qwen2vl_merger");
  out.weights("v.patch_embd.weight.1", {kPatchPx, kPatchPx, 3, kWidth});
  out.norm("v.post_ln", kWidth);
  out.linear("mm.0", kMerged, kMerged);
  out.linear("mm.2", kMerged, width);
}

constexpr std::pair<std::string_view, void (*)(GgufWriter&, int)> kForms[] = {
    {"llava", write_llava},
    {"internvl", write_internvl},
    {"gemma3", write_gemma3},
    {"qwen2vl", write_qwen2vl},
};

}  // namespace

Status write_fake_projector(const std::filesystem::path& path, const FakeProjector& projector) {
  for (auto [form, write] : kForms) {
    if (form != projector.form) continue;
    GgufWriter out(projector.seed);
    write_vision(out);
    write(out, projector.width);
    return out.write(path);
  }
  return Error{Code::kBadConfig, fmt::format("no form \"{}\"; known: llava, internvl, gemma3, "
                                             "qwen2vl",
                                             projector.form)};
}

Status write_fake_model(const std::filesystem::path& path, const std::string& form,
                        const std::filesystem::path& vocabulary_of, std::uint64_t seed) {
  constexpr int kWide = kFakeModelWidth, kKeys = 32, kForward = 96, kLayers = 2;
  struct Free {
    void operator()(gguf_context* file) const { gguf_free(file); }
  };
  std::unique_ptr<gguf_context, Free> other(
      gguf_init_from_file(vocabulary_of.c_str(), {true, nullptr}));
  if (!other) return Error{Code::kIo, vocabulary_of.string() + ": no GGUF file"};
  if (form != "llama" && form != "qwen2vl")
    return Error{Code::kBadConfig, fmt::format("no form \"{}\"; known: llama, qwen2vl", form)};
  GgufWriter out(seed);
  gguf_set_kv(out.file(), other.get());
  out.set("general.architecture", form.c_str());
  out.set(form + ".block_count", kLayers);
  out.set(form + ".context_length", 8192);
  out.set(form + ".embedding_length", kWide);
  out.set(form + ".feed_forward_length", kForward);
  out.set(form + ".attention.head_count", 4);
  out.set(form + ".attention.head_count_kv", 2);
  out.set(form + ".attention.layer_norm_rms_epsilon", 1e-5f);
  out.set(form + ".rope.dimension_count", kWide / 4);
  out.set(form + ".rope.freq_base", 10'000.0f);
  if (form == "qwen2vl")
    out.set(form + ".rope.dimension_sections", GGUF_TYPE_INT32,
            std::vector<std::int32_t>{2, 3, 3, 0});
  auto words = static_cast<std::int64_t>(
      gguf_get_arr_n(other.get(), gguf_find_key(other.get(), "tokenizer.ggml.tokens")));
  out.weights("token_embd.weight", {kWide, words});
  out.constant("output_norm.weight", kWide, 1);
  for (int i = 0; i < kLayers; ++i) {
    std::string layer = fmt::format("blk.{}.", i);
    out.constant(layer + "attn_norm.weight", kWide, 1);
    out.constant(layer + "ffn_norm.weight", kWide, 1);
    out.linear(layer + "attn_q", kWide, kWide);
    out.linear(layer + "attn_k", kWide, kKeys);
    out.linear(layer + "attn_v", kWide, kKeys);
    out.weights(layer + "attn_output.weight", {kWide, kWide});
    out.weights(layer + "ffn_gate.weight", {kWide, kForward});
    out.weights(layer + "ffn_up.weight", {kWide, kForward});
    out.weights(layer + "ffn_down.weight", {kForward, kWide});
  }
  return out.write(path);
}

}  // namespace kale::llama
