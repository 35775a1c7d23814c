#include "kale/train/checkpoint.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "kale/models/safetensors.h"
#include "kale/networks/shape.h"

namespace kale {
namespace fs = std::filesystem;
namespace {

using nlohmann::json;

constexpr int kVersion = 1;
constexpr std::int64_t kProgressBytesMax = 1 << 20;
constexpr std::string_view kProgressFile = "train.json";
constexpr std::string_view kOptimiserFile = "optimiser.safetensors";

fs::path checkpoints_of(const fs::path& out) { return out / "checkpoints"; }

std::string progress_text(const TrainState& p) {
  const json object = {
      {"version", kVersion},
      {"step", p.step},
      {"stage", p.stage},
      {"stage_step", p.stage_step},
      {"place", {{"epoch", p.place.epoch}, {"group", p.place.group}, {"batch", p.place.batch}}},
      {"fingerprint", p.fingerprint},
      {"data", p.data}};
  return object.dump() + "\n";
}

bool take(const json& object, const char* key, std::int64_t& value) {
  const auto found = object.find(key);
  if (found == object.end() || !found->is_number_integer()) return false;
  value = found->get<std::int64_t>();
  return value >= 0;
}

bool take(const json& object, const char* key, std::string& value) {
  const auto found = object.find(key);
  if (found == object.end() || !found->is_string()) return false;
  value = found->get<std::string>();
  return true;
}

Result<TrainState> parse_progress(const std::string& text, const fs::path& path) {
  const json object = json::parse(text, nullptr, false);
  TrainState p;
  std::int64_t version = 0;
  const bool right = object.is_object() && take(object, "version", version) &&
                     version == kVersion && take(object, "step", p.step) &&
                     take(object, "stage", p.stage) && take(object, "stage_step", p.stage_step) &&
                     object.contains("place") && take(object["place"], "epoch", p.place.epoch) &&
                     take(object["place"], "group", p.place.group) &&
                     take(object["place"], "batch", p.place.batch) &&
                     take(object, "fingerprint", p.fingerprint) && take(object, "data", p.data);
  if (right) return p;
  return Error{Code::kCorrupt,
               fmt::format("{} is no checkpoint of this version; remove its folder to go on from "
                           "the one before",
                           path.string())};
}

// Names of whole checkpoints, oldest first.
Result<std::vector<std::string>> names_of(Disk& disk, const fs::path& out) {
  auto names = disk.list(checkpoints_of(out));
  if (!names && names.error().code == Code::kNotFound) return std::vector<std::string>();
  if (!names) return std::move(names).error();
  std::erase_if(*names, [](const std::string& name) {
    const std::size_t digit = std::string_view("step-").size();
    return !name.starts_with("step-") || name.size() == digit ||
           name.find_first_not_of("0123456789", digit) != std::string::npos;
  });
  std::sort(names->begin(), names->end());
  return std::move(*names);
}

}  // namespace

Result<std::optional<Checkpoint>> newest_checkpoint(Disk& disk, const fs::path& out) {
  KALE_TRY(auto names, names_of(disk, out));
  if (names.empty()) return std::optional<Checkpoint>();
  Checkpoint newest{.folder = checkpoints_of(out) / names.back(), .progress = {}};
  const fs::path file = newest.folder / kProgressFile;
  KALE_TRY(std::string text, disk.read(file, kProgressBytesMax));
  KALE_TRY(newest.progress, parse_progress(text, file));
  return std::optional(std::move(newest));
}

Status write_checkpoint(Disk& disk, const fs::path& out, const TrainState& progress,
                        const Learning& learning, std::int64_t kept) {
  const fs::path folder = checkpoints_of(out) / fmt::format("step-{:08}", progress.step);
  const fs::path aside = checkpoints_of(out) / "next.aside";
  KALE_OK(disk.remove_folder(aside));  // of a run that was killed while it wrote
  KALE_OK(disk.make_folders(aside));
  KALE_OK(save_student(disk, aside, learning.student, learning.new_tokens_max));
  std::map<std::string, Tensor, std::less<>> tensors;
  std::vector<at::Tensor> held;
  for (const auto& [name, tensor] : learning.optimiser) {
    held.push_back(tensor.detach().to(at::kCPU).contiguous());
    const at::Tensor& value = held.back();
    tensors[name] = {.dtype = "F32",
                     .shape = value.sizes().vec(),
                     .bytes = {static_cast<const char*>(value.const_data_ptr()), value.nbytes()}};
  }
  KALE_OK(write_safetensors(disk, aside / kOptimiserFile, tensors, {}));
  KALE_OK(write_whole_file(disk, aside / kProgressFile, progress_text(progress)));
  std::error_code code;
  if (fs::exists(folder, code)) {  // of the same step, in the stage before
    KALE_OK(disk.exchange(aside, folder));
    KALE_OK(disk.remove_folder(aside));
  } else {
    KALE_OK(disk.rename(aside, folder));
  }
  KALE_TRY(auto names, names_of(disk, out));
  for (std::int64_t i = 0; i < std::ssize(names) - kept; ++i)
    KALE_OK(disk.remove_folder(checkpoints_of(out) / names[static_cast<std::size_t>(i)]));
  return {};
}

Status read_optimiser(Disk& disk, const Checkpoint& checkpoint, const NamedTensors& optimiser) {
  const fs::path path = checkpoint.folder / kOptimiserFile;
  KALE_TRY(auto file, SafetensorsFile::open(disk, path));
  for (const auto& [name, tensor] : optimiser) {
    const auto found = file.tensors().find(name);
    if (found == file.tensors().end() || found->second.shape != tensor.sizes().vec())
      return Error{
          Code::kCorrupt,
          fmt::format("{}: tensor {} is missing or of another shape than {}; remove {} to "
                      "go on from the checkpoint before",
                      path.string(), name, shape_text(tensor.sizes()), checkpoint.folder.string())};
    at::Tensor value = at::empty(tensor.sizes(), at::kFloat);
    KALE_OK(file.read(found->second, {static_cast<char*>(value.data_ptr()), value.nbytes()}));
    tensor.detach().copy_(value);
  }
  return {};
}

}  // namespace kale
