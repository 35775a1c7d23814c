#include "kale/train/learner.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "kale/networks/door.h"

namespace kale {
namespace {

static_assert(kNoLabel == Decoder::kIgnored);

template <class T>
at::Tensor tensor_of(const std::vector<T>& values, at::IntArrayRef shape, at::ScalarType type) {
  // Copied by clone(): the batch goes before the graph does.
  return at::from_blob(const_cast<T*>(values.data()), shape, at::TensorOptions(type)).clone();
}

void freeze_others(Llava& network, const Stage& stage) {
  for (const auto& [part, prefix] : kStudentParts) {
    const bool learns =
        std::find(stage.learns.begin(), stage.learns.end(), part) != stage.learns.end();
    set_learning(network, prefix, learns);
  }
  // The second matrix of a projector of one matrix is an identity, and stays one.
  if (network.llava_config().projector_activation == Activation::kNone)
    set_learning(network, "multi_modal_projector.linear_2.", false);
}

}  // namespace

Loss batch_loss(const Llava& network, const Batch& batch, const Computing& computing) {
  const std::int64_t B = batch.rows, T = batch.length, S = batch.side;
  at::Tensor tokens = tensor_of(batch.tokens, {B, T}, at::kLong).to(computing.device);
  at::Tensor labels = tensor_of(batch.labels, {B, T}, at::kLong).to(computing.device);
  at::Tensor pixels = tensor_of(batch.pixels, {B, 3, S, S}, at::kFloat).to(computing.device);
  PrecisionScope scope(computing.precision, computing.device.type());
  // Padding stands at the right, where no label and no earlier token looks.
  return network.loss(tokens, pixels, {}, labels);
}

Learner::Learner(Llava& network, const Stage& stage, Computing computing, Processes& processes)
    : network_(network), stage_(stage), computing_(computing), processes_(processes) {
  freeze_others(network_, stage_);
  std::array<std::vector<at::Tensor>, 2> tensors;
  std::array<std::vector<std::string>, 2> names;
  for (const Parameter& p : network_.parameters()) {
    p.tensor->mutable_grad().reset();
    if (!p.tensor->requires_grad()) continue;
    const std::size_t group = p.tensor->dim() < 2 ? 1 : 0;
    tensors[group].push_back(*p.tensor);
    names[group].push_back(p.name);
    tensors_.push_back(*p.tensor);
  }
  for (std::size_t group : {0, 1}) {
    const AdamwOptions options{
        .rate = stage_.rate, .beta2 = stage_.beta2, .decay = group == 0 ? stage_.decay : 0};
    groups_.push_back({names[group], Adamw(tensors[group], options)});
  }
}

std::int64_t Learner::numbers() const {
  std::int64_t count = 0;
  for (const at::Tensor& tensor : tensors_) count += tensor.numel();
  return count;
}

// Gradients, loss and labels of all processes, summed in place. What has no gradient in any of them
// (a block behind the one that is looked at) gets none.
void Learner::gather(double& sum, double& tokens) {
  if (processes_.count() == 1) return;
  at::NoGradGuard no_grad;
  std::vector<float> has;
  for (const at::Tensor& tensor : tensors_) has.push_back(tensor.grad().defined() ? 1.0F : 0.0F);
  processes_.sum(std::span<float>(has));
  for (std::size_t i = 0; i < tensors_.size(); ++i) {
    at::Tensor& tensor = tensors_[i];
    if (has[i] == 0) continue;
    if (!tensor.grad().defined()) tensor.mutable_grad() = at::zeros_like(tensor.detach());
    at::Tensor flat = tensor.grad().to(at::kCPU, at::kFloat).contiguous();
    processes_.sum({flat.data_ptr<float>(), static_cast<std::size_t>(flat.numel())});
    tensor.mutable_grad().copy_(flat);
  }
  sum = processes_.sum(sum);
  tokens = processes_.sum(tokens);
}

// Gradients of the sum become those of the mean, no longer than clip_norm. Returns their length.
double Learner::clip(double tokens) {
  at::NoGradGuard no_grad;
  std::vector<at::Tensor> gradients, norms;
  for (at::Tensor& tensor : tensors_)
    if (tensor.grad().defined()) gradients.push_back(tensor.grad());
  for (const at::Tensor& gradient : gradients) norms.push_back(gradient.norm().to(at::kDouble));
  const double norm = at::stack(norms).norm().item<double>() / tokens;
  double scale = 1 / tokens;
  if (stage_.clip_norm > 0 && norm > stage_.clip_norm) scale *= stage_.clip_norm / norm;
  for (at::Tensor& gradient : gradients) gradient.mul_(scale);
  return norm;
}

Result<Learnt> Learner::step(std::span<const Batch> batches, double rate) {
  return behind_door("training", [&]() -> Result<Learnt> {
    double sum = 0, tokens = 0;
    for (const Batch& batch : batches) {
      if (batch.rows == 0) continue;
      Loss loss = batch_loss(network_, batch, computing_);
      loss.sum.backward();
      sum += loss.sum.item<double>();
      tokens += static_cast<double>(loss.tokens);
    }
    gather(sum, tokens);
    Learnt learnt{.tokens = static_cast<std::int64_t>(tokens)};
    if (tokens == 0) return learnt;  // no picture of the step could be read
    learnt.loss = sum / tokens;
    learnt.gradient_norm = clip(tokens);
    if (!std::isfinite(learnt.loss) || !std::isfinite(learnt.gradient_norm))
      return Error{
          Code::kBadConfig,
          fmt::format("the loss is {} and its gradient {} long; lower {}.rate ({}) or set "
                      "{}.clip_norm, and begin anew in another --out",
                      learnt.loss, learnt.gradient_norm, stage_.name, stage_.rate, stage_.name)};
    for (Group& group : groups_) {
      group.optimiser.set_rate(rate);
      group.optimiser.step();
      group.optimiser.forget_gradients();
    }
    return learnt;
  });
}

std::vector<std::pair<std::string, at::Tensor>> Learner::state() {
  std::vector<std::pair<std::string, at::Tensor>> all;
  for (Group& group : groups_)
    for (std::size_t i = 0; i < group.names.size(); ++i) {
      all.emplace_back("first." + group.names[i], group.optimiser.first_moments()[i]);
      all.emplace_back("second." + group.names[i], group.optimiser.second_moments()[i]);
      all.emplace_back("steps." + group.names[i], group.optimiser.steps()[i]);
    }
  return all;
}

}  // namespace kale
