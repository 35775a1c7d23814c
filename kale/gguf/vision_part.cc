#include <fmt/format.h>

#include <array>
#include <cmath>
#include <utility>

#include "kale/gguf/parts.h"

namespace kale {
namespace {

// The projectors of llama.cpp that are two layers over a tower's rows. "mlp" takes a class token
// and always has the tanh form of GELU; "janus_pro" takes none and has the tower's own activation.
struct Form {
  std::string name;
  std::string second;         // its second layer
  std::array<int, 3> border;  // the colour that a picture is padded with
};

Form form_of(const LlavaConfig& config) {
  if (config.vision.class_tokens() > 0) return {"mlp", "mm.2", {122, 116, 104}};
  return {"janus_pro", "mm.1", {127, 127, 127}};
}

Activation projector_computes(const LlavaConfig& config) {
  return config.vision.class_tokens() > 0 ? Activation::kGeluTanh
                                          : config.vision.encoder.activation;
}

constexpr std::string_view kTrainTanh =
    "train the student with \"gelu_pytorch_tanh\"; where \"gelu\" stands, a change of the key "
    "alone "
    "changes its results by at most 0.0005 a number";

Status check_activations(const LlavaConfig& config, const std::string& path) {
  Activation tower = config.vision.encoder.activation;
  if (tower == Activation::kGelu || tower == Activation::kNone) {
    return refused(path, "vision_config.hidden_act", quoted(tower),
                   "computes \"gelu_pytorch_tanh\", \"quick_gelu\" or \"silu\"", kTrainTanh);
  }
  Activation projector = config.projector_activation;
  Activation computed = projector_computes(config);
  if (projector != computed && projector != Activation::kNone) {
    return refused(path, "projector_hidden_act", quoted(projector),
                   fmt::format("computes {} or \"linear\" behind this tower", quoted(computed)),
                   kTrainTanh);
  }
  return {};
}

Status check_vision(const LlavaConfig& config, const std::string& path) {
  const VisionConfig& vision = config.vision;
  KALE_OK(check_activations(config, path));
  bool has_class = vision.class_tokens() > 0;
  if (has_class != (config.feature_select == FeatureSelect::kDefault)) {
    return refused(path, "vision_feature_select_strategy", has_class ? "\"full\"" : "\"default\"",
                   has_class ? "never shows the class token" : "shows every patch of SigLIP",
                   fmt::format("train the student with \"{}\"", has_class ? "default" : "full"));
  }
  if (config.vision_blocks() == 0) {
    return refused(path, "vision_feature_layer", std::to_string(config.feature_layer),
                   "wants at least one block", "train the student on a later layer");
  }
  if (vision.channels != 3) {
    return refused(path, "vision_config.num_channels", std::to_string(vision.channels),
                   "takes three colours", "take another tower");
  }
  // It takes the two layers of such blocks for swapped, as old files have them, and swaps them.
  if (has_class && vision.encoder.mlp_width == vision.encoder.width) {
    return refused(path, "vision_config.intermediate_size",
                   std::to_string(vision.encoder.mlp_width),
                   "cannot tell a block's two layers apart if it is hidden_size",
                   "take another tower, or serve the folder itself with vLLM or transformers");
  }
  return {};
}

void set_keys(GgufFile& file, const LlavaConfig& config, const PictureConfig& pictures) {
  const EncoderConfig& encoder = config.vision.encoder;
  auto colours = [](const std::array<double, 3>& values) {
    return std::vector<float>(values.begin(), values.end());
  };
  file.set("general.architecture", std::string("clip"));
  file.set("clip.has_vision_encoder", true);
  file.set("clip.projector_type", form_of(config).name);
  file.set("clip.use_gelu", encoder.activation == Activation::kGeluTanh);
  file.set("clip.use_silu", encoder.activation == Activation::kSilu);
  file.set("clip.vision.image_size", config.vision.image_side);
  file.set("clip.vision.patch_size", config.vision.patch_side);
  file.set("clip.vision.embedding_length", encoder.width);
  file.set("clip.vision.feed_forward_length", encoder.mlp_width);
  file.set("clip.vision.block_count", config.vision_blocks());
  file.set("clip.vision.projection_dim", config.text.width);
  file.set("clip.vision.attention.head_count", encoder.heads);
  file.set("clip.vision.attention.layer_norm_epsilon", encoder.epsilon);
  file.set("clip.vision.image_mean", colours(pictures.mean));
  file.set("clip.vision.image_std", colours(pictures.deviation));
  // Without it "mlp" leaves the last block out.
  if (config.vision.class_tokens() > 0) {
    file.set("clip.vision.feature_layer",
             std::vector<std::int32_t>{static_cast<std::int32_t>(config.vision_blocks())});
  }
}

class VisionPart {
 public:
  VisionPart(GgufFile& file, LlavaWeights& weights, const LlavaConfig& config)
      : file_(file), weights_(weights), config_(config) {}

  void add() {
    const VisionConfig& v = config_.vision;
    const std::int64_t D = v.encoder.width, p = v.patch_side;
    const std::string begin = kTower + "embeddings.";
    plain("v.patch_embd.weight", begin + "patch_embedding.weight", {D, v.channels, p, p});
    if (v.form == TowerForm::kSiglip) {
      plain("v.patch_embd.bias", begin + "patch_embedding.bias", {D});
    } else {
      plain("v.class_embd", begin + "class_embedding", {D});
      norm("v.pre_ln", kTower + "pre_layrnorm");
    }
    add_weights(file_, weights_, "v.position_embd.weight", begin + "position_embedding.weight",
                {v.tokens(), D}, true);
    for (std::int64_t i = 0; i < config_.vision_blocks(); ++i) add_block(i);
    leave_rest();
    if (config_.projector_activation == Activation::kNone) {
      add_linear_projector();
    } else {
      add_projector();
    }
  }

 private:
  void add_block(std::int64_t index) {
    const EncoderConfig& e = config_.vision.encoder;
    const std::string to = fmt::format("v.blk.{}.", index);
    const std::string from = fmt::format("{}encoder.layers.{}.", kTower, index);
    norm(to + "ln1", from + "layer_norm1");
    norm(to + "ln2", from + "layer_norm2");
    linear(to + "attn_q", from + "self_attn.q_proj", e.width, e.width);
    linear(to + "attn_k", from + "self_attn.k_proj", e.width, e.width);
    linear(to + "attn_v", from + "self_attn.v_proj", e.width, e.width);
    linear(to + "attn_out", from + "self_attn.out_proj", e.width, e.width);
    linear(to + "ffn_up", from + "mlp.fc1", e.mlp_width, e.width);
    linear(to + "ffn_down", from + "mlp.fc2", e.width, e.mlp_width);
  }

  // What stands behind the rows that are looked at.
  void leave_rest() {
    const std::int64_t layers = config_.vision.encoder.layers;
    for (std::int64_t i = config_.vision_blocks(); i < layers; ++i) {
      weights_.leave_out(fmt::format("{}encoder.layers.{}.", kTower, i));
    }
    weights_.leave_out(kTower + "post_layernorm.");
    weights_.leave_out(kTower + "head.");
  }

  void add_projector() {
    const std::int64_t D = config_.vision.encoder.width, H = config_.text.width;
    const std::string second = form_of(config_).second;
    plain("mm.0.weight", kFirst + ".weight", {H, D});
    bias("mm.0.bias", kFirst);
    plain(second + ".weight", kSecond + ".weight", {H, H});
    bias(second + ".bias", kSecond);
  }

  // The graphs have an activation between the layers, and z = act(z) - act(-z) for each of theirs:
  // GELU in both forms, quick GELU, SiLU. So the first layer is written with its negative below it,
  // and the second takes the difference.
  void add_linear_projector() {
    const std::int64_t D = config_.vision.encoder.width, H = config_.text.width;
    const std::string second = form_of(config_).second;
    weights_.claim(kFirst + ".weight", {H, D});
    weights_.claim(kSecond + ".weight", {H, H});
    file_.add({"mm.0.weight", {2 * H, D}, false, [this] { return below(kFirst + ".weight"); }});
    if (config_.projector_bias) {
      weights_.claim(kFirst + ".bias", {H});
      file_.add({"mm.0.bias", {2 * H}, true, [this] { return below(kFirst + ".bias"); }});
    } else {
      zeros("mm.0.bias", 2 * H);
    }
    file_.add({second + ".weight", {H, 2 * H}, false, [this] { return beside(); }});
    bias(second + ".bias", kSecond);
  }
  // x and -x, one after the other.
  Result<std::vector<float>> below(const std::string& source) {
    KALE_TRY(auto values, weights_.read(source));
    const std::size_t count = values.size();
    values.reserve(2 * count);
    for (std::size_t i = 0; i < count; ++i) values.push_back(-values[i]);
    return values;
  }
  // Each row and its negative.
  Result<std::vector<float>> beside() {
    KALE_TRY(auto values, weights_.read(kSecond + ".weight"));
    const auto H = static_cast<std::size_t>(config_.text.width);
    std::vector<float> wide;
    wide.reserve(2 * values.size());
    for (std::size_t row = 0; row < H; ++row) {
      for (float sign : {1.0F, -1.0F}) {
        for (std::size_t i = 0; i < H; ++i) wide.push_back(sign * values[row * H + i]);
      }
    }
    return wide;
  }

  void plain(const std::string& name, const std::string& source, std::vector<std::int64_t> shape) {
    add_weights(file_, weights_, name, source, std::move(shape));
  }
  void norm(const std::string& name, const std::string& source) {
    const std::int64_t D = config_.vision.encoder.width;
    plain(name + ".weight", source + ".weight", {D});
    plain(name + ".bias", source + ".bias", {D});
  }
  void linear(const std::string& name, const std::string& source, std::int64_t out,
              std::int64_t in) {
    plain(name + ".weight", source + ".weight", {out, in});
    plain(name + ".bias", source + ".bias", {out});
  }
  // The graphs add one in any case.
  void bias(const std::string& name, const std::string& source) {
    const std::int64_t H = config_.text.width;
    if (config_.projector_bias) return plain(name, source + ".bias", {H});
    zeros(name, H);
  }
  void zeros(const std::string& name, std::int64_t count) {
    file_.add({name, {count}, true, [count]() -> Result<std::vector<float>> {
                 return std::vector<float>(static_cast<std::size_t>(count), 0.0F);
               }});
  }

  const std::string kTower = "vision_tower.vision_model.";
  const std::string kFirst = "multi_modal_projector.linear_1";
  const std::string kSecond = "multi_modal_projector.linear_2";
  GgufFile& file_;
  LlavaWeights& weights_;
  const LlavaConfig& config_;
};

// How llama.cpp prepares pictures otherwise than the folder says.
void note_pictures(const LlavaConfig& config, const PictureConfig& pictures,
                   std::vector<std::string>& notes) {
  auto side = static_cast<int>(config.vision.image_side);
  bool fits = pictures.crop ? pictures.crop_width == side && pictures.crop_height == side &&
                                  pictures.height == side
                            : pictures.height == side && pictures.width == side;
  if (!fits) {
    notes.push_back(fmt::format(
        "llama.cpp resizes a picture to the tower's {0} x {0} pixels; the folder's processor makes "
        "it another size first, so the student sees pictures a little otherwise there",
        side));
  }
  if (!pictures.pad_square) {
    notes.push_back(
        "llama.cpp pads pictures to a square; the folder's processor crops or stretches them, so "
        "the student sees pictures that are not square otherwise there");
    return;
  }
  std::array<int, 3> border = form_of(config).border;
  for (std::size_t i = 0; i < border.size(); ++i) {
    if (static_cast<int>(255 * pictures.mean[i]) == border[i]) continue;
    notes.push_back(fmt::format(
        "llama.cpp pads pictures with the colour ({}, {}, {}), the folder's processor with its "
        "image_mean",
        border[0], border[1], border[2]));
    return;
  }
}

}  // namespace

Status add_vision(GgufFile& file, LlavaWeights& weights, const LlavaConfig& config,
                  const PictureConfig& pictures, const std::string& config_path,
                  std::vector<std::string>& notes) {
  KALE_OK(check_vision(config, config_path));
  set_keys(file, config, pictures);
  VisionPart(file, weights, config).add();
  note_pictures(config, pictures, notes);
  if (config.vision.class_tokens() > 0) {
    notes.push_back(
        "a tower with a class token needs a llama.cpp that puts it before the patches: that of "
        "scripts/setup_llama.sh does, released ones do not (its issue 25814) and describe worse");
  }
  return {};
}

}  // namespace kale
