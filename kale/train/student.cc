#include "kale/train/student.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <map>
#include <utility>

#include "kale/models/folder.h"
#include "kale/networks/checkpoint.h"

namespace kale {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view kPositions =
    "vision_tower.vision_model.embeddings.position_embedding.weight";
constexpr std::string_view kEmbedding = "language_model.model.embed_tokens.weight";
constexpr std::string_view kHead = "language_model.lm_head.weight";

Result<bool> has_weights(Disk& disk, const fs::path& folder) {
  auto files = weight_files(disk, folder);
  if (!files && files.error().code != Code::kNotFound) return std::move(files).error();
  return files.has_value();
}

Result<PictureConfig> picture_of(Disk& disk, const fs::path& folder, const VisionConfig& vision) {
  auto picture = load_picture_config(disk, folder);
  if (!picture && picture.error().code == Code::kNotFound) return student_pictures(vision);
  if (!picture) return picture;
  const auto side = static_cast<int>(vision.image_side);
  const bool cropped = picture->crop && picture->crop_width == side && picture->crop_height == side;
  const bool resized = !picture->crop && picture->width == side && picture->height == side;
  if (cropped || resized) return picture;
  return Error{Code::kBadConfig,
               fmt::format("{}: its picture processor does not make squares of {} px, which "
                           "config.json's tower sees; correct size or crop_size",
                           folder.string(), side)};
}

Companions companions_of(const Student& student, std::int64_t new_tokens_max) {
  return {.config = student.config(),
          .tokenizer = student.words,
          .pictures = student.picture,
          .new_tokens_max = new_tokens_max};
}

using Tensors = std::map<std::string, at::Tensor, std::less<>>;

void add_tensors(Network& network, const std::string& prefix, Tensors& tensors) {
  for (const Parameter& p : network.parameters()) tensors[prefix + p.name] = *p.tensor;
}

// Puts tensors in place by name. Those that have grown since take what there is: positions are
// resized, rows of the vocabulary that are new keep their beginnings.
void take_over(Llava& network, const Tensors& tensors) {
  const VisionConfig& vision = network.llava_config().vision;
  for (const Parameter& p : network.parameters()) {
    const auto found = tensors.find(p.name);
    if (found == tensors.end()) continue;
    at::Tensor value = found->second;
    if (p.name == kPositions)
      value = resize_positions(value, vision.class_tokens(), vision.grid(), vision.grid());
    if (const std::int64_t more = p.shape[0] - value.size(0);
        more > 0 && (p.name == kEmbedding || p.name == kHead))
      value = at::cat({value, p.tensor->narrow(0, value.size(0), more)});
    *p.tensor = value;
  }
}

Result<VisionConfig> vision_of(Disk& disk, const fs::path& folder) {
  KALE_TRY(NetworkConfig config, load_config(disk, folder));
  if (const auto* tower = std::get_if<VisionConfig>(&config)) return *tower;
  if (const auto* dual = std::get_if<DualConfig>(&config)) return dual->vision;
  return Error{Code::kBadConfig,
               fmt::format("student.vision: {} is of no CLIP or SigLIP network", folder.string())};
}

Result<DecoderConfig> text_of(Disk& disk, const fs::path& folder) {
  KALE_TRY(NetworkConfig config, load_config(disk, folder));
  if (const auto* decoder = std::get_if<DecoderConfig>(&config)) return *decoder;
  return Error{Code::kBadConfig,
               fmt::format("student.text: {} is of no Llama or Qwen2 network", folder.string())};
}

}  // namespace

Layout Student::layout() const {
  return {.image_token = config().image_token,
          .image_tokens = config().image_tokens(),
          .begin_token = tokenizer->begins().value_or(-1),
          .end_token = config().text.eos_tokens.front(),
          .encode = [words = tokenizer](std::string_view text) { return words->encode(text); }};
}

Result<Student> load_student(Disk& disk, const fs::path& folder,
                             std::optional<std::uint64_t> seed) {
  Student student;
  KALE_TRY(NetworkConfig config, load_config(disk, folder));
  const auto* llava = std::get_if<LlavaConfig>(&config);
  if (llava == nullptr)
    return Error{Code::kBadConfig,
                 fmt::format("{}: config.json is of no LLaVA network; give such a folder as "
                             "student.from, or this one as student.vision or student.text",
                             folder.string())};
  student.network = std::make_unique<Llava>(*llava);
  student.has_learnt = !seed;
  if (seed) {
    KALE_TRY(student.has_learnt, has_weights(disk, folder));
  }
  if (student.has_learnt) {
    KALE_OK(load_weights(disk, folder, *student.network, {}));
  } else {
    initialise(*student.network, *seed);
    if (llava->projector_activation == Activation::kNone)
      student.network->projector().identity_second();
  }
  KALE_TRY(student.words, student_tokenizer(disk, folder));
  KALE_TRY(student.tokenizer, Tokenizer::open(disk, folder));
  KALE_TRY(student.picture, picture_of(disk, folder, llava->vision));
  KALE_OK(check_companions(companions_of(student, 1), folder.string()));
  return student;
}

Result<Student> join_student(Disk& disk, const fs::path& vision, const fs::path& text,
                             std::uint64_t seed) {
  Student student;
  LlavaConfig config;
  KALE_TRY(config.vision, vision_of(disk, vision));
  KALE_TRY(config.text, text_of(disk, text));
  VisionTower tower(config.vision);
  Decoder decoder(config.text);
  KALE_OK(load_weights(disk, vision, tower, {}));
  KALE_OK(load_weights(disk, text, decoder, {}));
  student.has_learnt = true;
  KALE_TRY(student.words, student_tokenizer(disk, text));
  KALE_TRY(student.tokenizer, Tokenizer::open(disk, text));
  config.image_token = student.words.image;
  config.text.vocabulary = std::max(config.text.vocabulary, student.words.tokens);
  // What llama.cpp computes (docs/student.md).
  config.projector_activation = Activation::kGeluTanh;
  if (config.vision.form == TowerForm::kSiglip) {
    config.feature_select = FeatureSelect::kFull;
    config.projector_activation = config.vision.encoder.activation;
  }
  student.network = std::make_unique<Llava>(config);
  initialise(*student.network, seed);
  Tensors tensors;
  add_tensors(tower, "vision_tower.", tensors);
  add_tensors(decoder, "language_model.", tensors);
  take_over(*student.network, tensors);
  KALE_TRY(student.picture, picture_of(disk, vision, config.vision));
  KALE_OK(check_companions(companions_of(student, 1), text.string()));
  return student;
}

Status see_at(Student& student, std::int64_t side) {
  if (side == 0 || side == student.config().vision.image_side) return {};
  LlavaConfig config = student.config();
  if (side % config.vision.patch_side != 0)
    return Error{Code::kBadConfig,
                 fmt::format("student.image_side is {} px, no multiple of the tower's patches of "
                             "{} px",
                             side, config.vision.patch_side)};
  config.vision.image_side = side;
  auto network = std::make_unique<Llava>(config);
  Tensors tensors;
  add_tensors(*student.network, "", tensors);
  take_over(*network, tensors);
  const PictureConfig before = student.picture;
  student.picture = student_pictures(config.vision);
  student.picture.mean = before.mean;
  student.picture.deviation = before.deviation;
  student.network = std::move(network);
  return {};
}

Status save_student(Disk& disk, const fs::path& folder, Student& student,
                    std::int64_t new_tokens_max) {
  KALE_OK(disk.make_folders(folder));
  KALE_OK(save_network(disk, folder, *student.network));
  return write_companions(disk, folder, companions_of(student, new_tokens_max));
}

}  // namespace kale
