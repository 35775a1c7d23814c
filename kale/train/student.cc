#include "kale/train/student.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <array>
#include <utility>

#include "kale/networks/checkpoint.h"

namespace kale {
namespace fs = std::filesystem;
namespace {

constexpr std::int64_t kCompanionBytesMax = std::int64_t{64} << 20;
constexpr std::string_view kPictureFile = "preprocessor_config.json";
constexpr std::array<std::string_view, 9> kCompanions = {
    "tokenizer.json",        "tokenizer_config.json",  kPictureFile,
    "processor_config.json", "generation_config.json", "special_tokens_map.json",
    "added_tokens.json",     "chat_template.jinja",    "chat_template.json"};
constexpr std::string_view kPositions =
    "vision_tower.vision_model.embeddings.position_embedding.weight";

bool has_weights(const fs::path& folder) {
  std::error_code code;
  return fs::exists(folder / "model.safetensors", code) ||
         fs::exists(folder / "model.safetensors.index.json", code);
}

Status read_companions(Disk& disk, const fs::path& folder, Student& student) {
  for (std::string_view name : kCompanions) {
    auto text = disk.read(folder / name, kCompanionBytesMax);
    if (text) {
      student.companions.emplace(name, std::move(*text));
    } else if (text.error().code != Code::kNotFound) {
      return std::move(text).error();
    }
  }
  const auto found = student.companions.find(std::string(kPictureFile));
  const auto whole = student.companions.find("processor_config.json");
  const auto& used = found != student.companions.end() ? found : whole;
  if (used == student.companions.end())
    return Error{Code::kNotFound,
                 fmt::format("{} holds no {}, which says how pictures are resized and normalised",
                             folder.string(), kPictureFile)};
  KALE_TRY(student.picture, read_picture_config(used->second, (folder / used->first).string()));
  return {};
}

Status check_fit(const Student& student, const fs::path& folder) {
  const LlavaConfig& config = student.config();
  const std::int64_t rows = config.text.vocabulary;
  if (student.tokenizer->size() > rows)
    return Error{Code::kBadConfig,
                 fmt::format("{}: tokenizer.json has {} tokens and config.json's vocab_size is {}; "
                             "the two belong to different networks",
                             folder.string(), student.tokenizer->size(), rows)};
  const auto image = student.tokenizer->id_of("<image>");
  if (image && *image != config.image_token)
    return Error{Code::kBadConfig,
                 fmt::format("{}: <image> is token {} in tokenizer.json and {} as "
                             "image_token_index in config.json",
                             folder.string(), *image, config.image_token)};
  if (config.text.eos_tokens.empty())
    return Error{Code::kBadConfig,
                 fmt::format("{}: config.json names no eos_token_id, with which captions end",
                             folder.string())};
  const std::int64_t side =
      student.picture.crop ? student.picture.crop_width : student.picture.width;
  if (side != config.vision.image_side)
    return Error{Code::kBadConfig,
                 fmt::format("{}: {} makes pictures of {} px and config.json's tower sees {} px",
                             folder.string(), kPictureFile, side, config.vision.image_side)};
  return {};
}

// A network of `config` with the tensors of another, but for its positions.
std::unique_ptr<Llava> moved(Llava& from, const LlavaConfig& config) {
  auto to = std::make_unique<Llava>(config);
  const auto old = from.parameters();
  const auto now = to->parameters();
  const std::int64_t grid = config.vision.grid();
  for (std::size_t i = 0; i < now.size(); ++i) {
    at::Tensor value = *old[i].tensor;
    if (now[i].name == kPositions)
      value = resize_positions(value, config.vision.class_tokens(), grid, grid);
    *now[i].tensor = value;
  }
  return to;
}

}  // namespace

Layout Student::layout() const {
  return {.image_token = config_.image_token,
          .image_tokens = config_.image_tokens(),
          .begin_token = tokenizer->begins().value_or(-1),
          .end_token = config_.text.eos_tokens.front(),
          .encode = [tokens = tokenizer](std::string_view text) { return tokens->encode(text); }};
}

Result<Student> load_student(Disk& disk, const fs::path& folder, std::uint64_t seed) {
  Student student;
  KALE_TRY(NetworkConfig config, load_config(disk, folder));
  const auto* llava = std::get_if<LlavaConfig>(&config);
  if (llava == nullptr)
    return Error{Code::kBadConfig,
                 fmt::format("{}: config.json is of no LLaVA network; give such a folder as "
                             "student.from, or this one as student.vision or student.text",
                             folder.string())};
  student.config_ = *llava;
  student.network = std::make_unique<Llava>(*llava);
  student.has_learnt = has_weights(folder);
  if (student.has_learnt) {
    KALE_OK(load_weights(disk, folder, *student.network, {}));
  } else {
    initialise(*student.network, seed);
    if (llava->projector_activation == Activation::kNone)
      student.network->projector().identity_second();
  }
  KALE_TRY(student.tokenizer, Tokenizer::open(disk, folder));
  KALE_OK(read_companions(disk, folder, student));
  KALE_OK(check_fit(student, folder));
  return student;
}

Status see_at(Student& student, std::int64_t side) {
  if (side == 0 || side == student.config().vision.image_side) return {};
  LlavaConfig config = student.config();
  if (side % config.vision.patch_side != 0)
    return Error{
        Code::kBadConfig,
        fmt::format("student.image_side is {} px, no multiple of the tower's patches of {} px",
                    side, config.vision.patch_side)};
  config.vision.image_side = side;
  student.network = moved(*student.network, config);
  student.config_ = config;
  return {};
}

Status save_student(Disk& disk, const fs::path& folder, Student& student) {
  KALE_OK(disk.make_folders(folder));
  KALE_OK(save_network(disk, folder, *student.network));
  for (const auto& [name, text] : student.companions)
    KALE_OK(write_whole_file(disk, folder / name, text));
  return {};
}

}  // namespace kale
