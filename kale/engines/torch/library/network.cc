// EfficientNet-Lite2, batch normalisation folded into its convolutions.
// Paper    EfficientNet (arXiv 1905.11946); Lite: no squeeze-and-excitation, ReLU6, fixed stem and
//          head (tensorflow/tpu, models/official/efficientnet/lite)
// Errors   libtorch's exceptions end at the door and become text
#include "kale/engines/torch/library/network.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <cstring>
#include <exception>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

using Weights = std::unordered_map<std::string, at::Tensor>;

struct KaleNetwork {
  Weights weights;
};

namespace {

struct Stage {
  int repeats;
  int stride;  // of the stage's first block
};
// Depth multiplier 1.2, not for the first and last stage.
constexpr Stage kStages[] = {{1, 1}, {3, 2}, {3, 2}, {4, 2}, {4, 1}, {5, 2}, {1, 1}};

enum class After { kRelu6, kNothing };

const at::Tensor& weight(const KaleNetwork& network, const std::string& name) {
  auto found = network.weights.find(name);
  TORCH_CHECK(found != network.weights.end(), "the weights lack ", name);
  return found->second;
}

// TensorFlow's SAME padding: as many columns on the right as on the left, or one more.
at::Tensor pad_same(const at::Tensor& x, std::int64_t kernel, std::int64_t stride) {
  std::int64_t side = x.size(-1);
  std::int64_t out = (side + stride - 1) / stride;
  std::int64_t pad = std::max<std::int64_t>((out - 1) * stride + kernel - side, 0);
  if (pad == 0) return x;
  return at::constant_pad_nd(x, {pad / 2, pad - pad / 2, pad / 2, pad - pad / 2});
}

// x [B, C, S, S] -> [B, K, ceil(S / stride), ceil(S / stride)]
at::Tensor convolve(const KaleNetwork& network, const at::Tensor& x, const std::string& name,
                    std::int64_t stride, After after) {
  const at::Tensor& kernel = weight(network, name + ".weight");
  std::int64_t groups = kernel.size(1) == 1 && x.size(1) > 1 ? x.size(1) : 1;
  const at::Tensor& bias = weight(network, name + ".bias");
  at::Tensor y = at::conv2d(pad_same(x, kernel.size(-1), stride), kernel, bias,
                            at::IntArrayRef({stride, stride}), at::IntArrayRef({0, 0}),
                            at::IntArrayRef({1, 1}), groups);
  return after == After::kRelu6 ? y.clamp_(0, 6) : y;
}

at::Tensor block(const KaleNetwork& network, const at::Tensor& x, int index, int stride) {
  std::string name = "blocks." + std::to_string(index);
  at::Tensor y = x;
  if (network.weights.count(name + ".expand.weight") != 0) {
    y = convolve(network, y, name + ".expand", 1, After::kRelu6);
  }
  y = convolve(network, y, name + ".depthwise", stride, After::kRelu6);
  y = convolve(network, y, name + ".project", 1, After::kNothing);
  return stride == 1 && y.size(1) == x.size(1) ? y.add_(x) : y;
}

// images [B, 3, 260, 260] -> logits [B, 1000]
at::Tensor forward(const KaleNetwork& network, const at::Tensor& images) {
  at::Tensor x = convolve(network, images, "stem", 2, After::kRelu6);
  int index = 0;
  for (const Stage& stage : kStages) {
    for (int i = 0; i < stage.repeats; ++i) {
      x = block(network, x, index++, i == 0 ? stage.stride : 1);
    }
  }
  x = convolve(network, x, "head", 1, After::kRelu6);
  return at::addmm(weight(network, "classes.bias"), x.mean({2, 3}),
                   weight(network, "classes.weight").t());
}

// libtorch keeps the number by thread.
void use_one_thread() {
  thread_local bool done = false;
  if (!done) at::set_num_threads(1);
  done = true;
}

void explain(const char* why, char* error, std::size_t error_bytes) {
  std::strncpy(error, why, error_bytes - 1);
  error[error_bytes - 1] = '\0';
}

KaleNetwork* open_network(const KaleTensor* tensors, std::size_t count, char* error,
                          std::size_t error_bytes) {
  try {
    auto network = std::make_unique<KaleNetwork>();
    for (std::size_t i = 0; i < count; ++i) {
      std::vector<std::int64_t> shape(tensors[i].shape, tensors[i].shape + tensors[i].dimensions);
      auto view = at::from_blob(const_cast<float*>(tensors[i].data), shape, at::kFloat);
      bool convolution = tensors[i].dimensions == 4;
      // Channels last is half as slow again the other way round (67 against 43 ms a picture).
      network->weights[tensors[i].name] =
          view.clone(convolution ? at::MemoryFormat::ChannelsLast : at::MemoryFormat::Contiguous);
    }
    return network.release();
  } catch (const std::exception& thrown) {
    explain(thrown.what(), error, error_bytes);
    return nullptr;
  }
}

int run_network(KaleNetwork* network, const float* images, std::int64_t batch, std::int64_t side,
                float* logits, std::int64_t classes, char* error, std::size_t error_bytes) {
  try {
    use_one_thread();
    c10::InferenceMode inference;
    auto input = at::from_blob(const_cast<float*>(images), {batch, 3, side, side}, at::kFloat);
    at::Tensor output =
        forward(*network, input.contiguous(at::MemoryFormat::ChannelsLast)).contiguous();
    TORCH_CHECK(output.size(0) == batch && output.size(1) == classes, "the network answers ",
                output.sizes(), ", not ", batch, " x ", classes);
    std::memcpy(logits, output.data_ptr<float>(),
                static_cast<std::size_t>(batch * classes) * sizeof(float));
    return 0;
  } catch (const std::exception& thrown) {
    explain(thrown.what(), error, error_bytes);
    return 1;
  }
}

void close_network(KaleNetwork* network) { delete network; }

constexpr KaleTorchDoor kDoor = {KALE_TORCH_DOOR_VERSION, open_network, run_network, close_network};

}  // namespace

extern "C" __attribute__((visibility("default"))) const KaleTorchDoor* kale_torch_door() {
  return &kDoor;
}
