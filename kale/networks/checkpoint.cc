#include "kale/networks/checkpoint.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <set>

#include "kale/models/folder.h"
#include "kale/models/safetensors.h"
#include "kale/networks/door.h"
#include "kale/networks/dual.h"
#include "kale/networks/llava.h"
#include "kale/networks/shape.h"

namespace kale {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kNamesInErrors = 5;

std::optional<at::ScalarType> type_of(std::string_view dtype) {
  if (dtype == "F32") return at::kFloat;
  if (dtype == "F16") return at::kHalf;
  if (dtype == "BF16") return at::kBFloat16;
  return std::nullopt;
}

std::string_view dtype_of(at::ScalarType type) {
  switch (type) {
    case at::kHalf:
      return "F16";
    case at::kBFloat16:
      return "BF16";
    default:
      return "F32";
  }
}

std::string list_names(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size() && i < kNamesInErrors; ++i) {
    text += (i == 0 ? "" : ", ") + names[i];
  }
  if (names.size() > kNamesInErrors) {
    text += fmt::format(" and {} more", names.size() - kNamesInErrors);
  }
  return text;
}

class Loader {
 public:
  Loader(Network& network, LoadOptions options)
      : parameters_(network.parameters()),
        renames_(network.renames()),
        others_(network.others()),
        options_(options) {
    for (const Parameter& p : parameters_) missing_.emplace(p.name, &p);
  }

  Status add(Disk& disk, const fs::path& path) {
    KALE_TRY(auto file, SafetensorsFile::open(disk, path));
    for (const auto& [name, place] : file.tensors()) {
      std::string ours = renamed(name, renames_);
      auto found = missing_.find(ours);
      if (found == missing_.end()) {
        if (!is_foreign(ours)) unexpected_.push_back(name);
        continue;
      }
      const Parameter& p = *found->second;
      if (place.shape != p.shape) {
        return Error{
            Code::kBadConfig,
            fmt::format("{}: tensor {} is {}, and config.json asks for {}; the two files "
                        "belong to different networks, download both again",
                        path.string(), name, shape_text(place.shape), shape_text(p.shape))};
      }
      KALE_TRY(*p.tensor, read(file, name, place, path));
      missing_.erase(found);
    }
    return {};
  }

  Status finish(const fs::path& folder) const {
    if (!missing_.empty()) {
      std::vector<std::string> names;
      for (const Parameter& p : parameters_) {
        if (missing_.contains(p.name)) names.push_back(p.name);
      }
      return Error{Code::kBadConfig,
                   fmt::format("{}: {} tensors that config.json asks for are missing: {}; download "
                               "the folder again, and look at tie_word_embeddings and "
                               "vision_use_head in config.json",
                               folder.string(), names.size(), list_names(names))};
    }
    if (!unexpected_.empty()) {
      return Error{Code::kBadConfig,
                   fmt::format("{}: {} tensors have no place in the network of config.json: {}; "
                               "take the config.json that came with the weights",
                               folder.string(), unexpected_.size(), list_names(unexpected_))};
    }
    return {};
  }

 private:
  // Known not to be weights of this network: buffers that older versions wrote, the output layer of
  // a tied network, and other parts of the checkpoint.
  bool is_foreign(const std::string& name) const {
    if (is_buffer(name)) return true;
    if (name.ends_with("lm_head.weight")) return true;
    return std::any_of(others_.begin(), others_.end(),
                       [&](std::string_view other) { return name.starts_with(other); });
  }

  Result<at::Tensor> read(const SafetensorsFile& file, const std::string& name,
                          const TensorPlace& place, const fs::path& path) const {
    auto type = type_of(place.dtype);
    if (!type) {
      return Error{Code::kBadConfig,
                   fmt::format("{}: tensor {} is {}; kale reads F32, F16 and BF16, so convert the "
                               "checkpoint, or take one that is not quantised",
                               path.string(), name, place.dtype)};
    }
    at::Tensor tensor = at::empty(place.shape, *type);
    KALE_OK(file.read(place, {static_cast<char*>(tensor.data_ptr()), tensor.nbytes()}));
    return tensor.to(options_.device, options_.type);
  }

  std::vector<Parameter> parameters_;
  std::vector<Rename> renames_;
  std::vector<std::string_view> others_;
  LoadOptions options_;
  std::map<std::string, const Parameter*, std::less<>> missing_;
  std::vector<std::string> unexpected_;
};

}  // namespace

std::unique_ptr<Network> make_network(const NetworkConfig& config) {
  struct Make {
    std::unique_ptr<Network> operator()(const VisionConfig& c) {
      return std::make_unique<VisionTower>(c);
    }
    std::unique_ptr<Network> operator()(const DecoderConfig& c) {
      return std::make_unique<Decoder>(c);
    }
    std::unique_ptr<Network> operator()(const DualConfig& c) {
      return std::make_unique<DualEncoder>(c);
    }
    std::unique_ptr<Network> operator()(const LlavaConfig& c) { return std::make_unique<Llava>(c); }
  };
  return std::visit(Make{}, config);
}

Status load_weights(Disk& disk, const fs::path& folder, Network& network, LoadOptions options) {
  KALE_TRY(auto files, weight_files(disk, folder));
  return behind_door(folder.string(), [&]() -> Status {
    Loader loader(network, options);
    for (const fs::path& file : files) KALE_OK(loader.add(disk, file));
    return loader.finish(folder);
  });
}

Result<std::unique_ptr<Network>> load_network(Disk& disk, const fs::path& folder,
                                              LoadOptions options) {
  KALE_TRY(auto config, load_config(disk, folder));
  auto network = make_network(config);
  KALE_OK(load_weights(disk, folder, *network, options));
  return network;
}

Status save_network(Disk& disk, const fs::path& folder, Network& network) {
  return behind_door(folder.string(), [&]() -> Status {
    KALE_OK(disk.make_folders(folder));
    std::map<std::string, Tensor, std::less<>> tensors;
    std::vector<at::Tensor> kept;
    for (const Parameter& p : network.parameters()) {
      at::Tensor value = p.tensor->detach().to(at::kCPU).contiguous();
      kept.push_back(value);
      tensors[p.name] = {.dtype = std::string(dtype_of(value.scalar_type())),
                         .shape = p.shape,
                         .bytes = {static_cast<const char*>(value.data_ptr()), value.nbytes()}};
    }
    KALE_OK(write_safetensors(disk, folder / "model.safetensors", tensors, {{"format", "pt"}}));
    return write_whole_file(disk, folder / "config.json", write_config(network.config()));
  });
}

}  // namespace kale
