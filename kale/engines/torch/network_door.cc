#include "kale/engines/torch/network_door.h"

#include <dlfcn.h>
#include <fmt/format.h>

#include <array>
#include <bit>
#include <utility>

namespace kale {
namespace {

constexpr std::string_view kLibrary = "libkale_torch.so";
constexpr int kFoldersUp = 4;  // from build/kale/engines/torch/ to build/

static_assert(std::endian::native == std::endian::little, "safetensors are little-endian");

// An installed kale has the library in lib/ beside bin/; a build tree in build/lib/.
std::filesystem::path find_library() {
  std::error_code ignored;
  auto folder = std::filesystem::read_symlink("/proc/self/exe", ignored).parent_path();
  auto beside = folder / kLibrary;
  if (std::filesystem::exists(beside, ignored)) return beside;
  for (int up = 0; up < kFoldersUp; ++up, folder = folder.parent_path()) {
    auto path = folder / "lib" / kLibrary;
    if (std::filesystem::exists(path, ignored)) return path;
  }
  return {};
}

Result<const KaleTorchDoor*> open_door(std::filesystem::path path) {
  if (path.empty()) path = find_library();
  if (path.empty()) {
    return Error{
        Code::kNotBuilt,
        fmt::format("this build has no {}; `make build` makes it, or configure with "
                    "-DKALE_WITH_TORCH=ON and a .venv that holds torch, or name the file in the "
                    "engine's option library",
                    kLibrary)};
  }
  // Never closed: libtorch keeps threads and cannot be unloaded.
  void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    return Error{Code::kNotBuilt,
                 fmt::format("{} does not open ({}); run `make build`",
                             path.string(), dlerror())};
  }
  auto function = reinterpret_cast<KaleTorchDoorFunction>(dlsym(library, KALE_TORCH_DOOR_FUNCTION));
  const KaleTorchDoor* door = function == nullptr ? nullptr : function();
  if (door == nullptr || door->version != KALE_TORCH_DOOR_VERSION) {
    return Error{Code::kNotBuilt,
                 fmt::format("{} is of another version; build it again", path.string())};
  }
  return door;
}

}  // namespace

Result<std::unique_ptr<TorchNetwork>> TorchNetwork::open(const std::filesystem::path& library,
                                                         const Safetensors& weights) {
  KALE_TRY(auto door, open_door(library));
  // Tensors in a file need not be aligned; the copies here are.
  std::vector<std::vector<float>> values;
  std::vector<KaleTensor> tensors;
  values.reserve(weights.tensors().size());
  for (const auto& [name, tensor] : weights.tensors()) {
    if (tensor.dtype != "F32") {
      return Error{Code::kBadConfig,
                   fmt::format("the weights' tensor {} is {}, not F32; make the file with "
                               "scripts/convert_efficientnet.py",
                               name, tensor.dtype)};
    }
    auto& copy = values.emplace_back(tensor.bytes.size() / sizeof(float));
    std::copy(tensor.bytes.begin(), tensor.bytes.end(), reinterpret_cast<char*>(copy.data()));
    tensors.push_back(
        {name.c_str(), copy.data(), tensor.shape.data(), static_cast<int>(tensor.shape.size())});
  }
  std::array<char, 1024> why = {};
  KaleNetwork* network = door->open(tensors.data(), tensors.size(), why.data(), why.size());
  if (network == nullptr) {
    return Error{Code::kBadConfig, fmt::format("the network does not open: {}", why.data())};
  }
  return std::make_unique<TorchNetwork>(*door, network);
}

TorchNetwork::~TorchNetwork() { door_.close(network_); }

Result<std::vector<float>> TorchNetwork::run(std::span<const float> images, int batch, int side,
                                             int classes) {
  std::vector<float> logits(static_cast<std::size_t>(batch) * static_cast<std::size_t>(classes));
  std::array<char, 1024> why = {};
  int failed = door_.run(network_, images.data(), batch, side, logits.data(), classes, why.data(),
                         why.size());
  if (failed != 0) {
    return Error{Code::kBadConfig,
                 fmt::format("the network does not run ({}); make the weights with "
                             "scripts/convert_efficientnet.py",
                             why.data())};
  }
  return logits;
}

}  // namespace kale
