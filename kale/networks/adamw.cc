#include "kale/networks/adamw.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <utility>

namespace kale {

Adamw::Adamw(std::vector<at::Tensor> tensors, AdamwOptions options)
    : tensors_(std::move(tensors)), options_(options) {
  for (const at::Tensor& tensor : tensors_) {
    first_.push_back(at::zeros_like(tensor.detach()));
    second_.push_back(at::zeros_like(tensor.detach()));
    steps_.push_back(at::zeros({}, tensor.options().dtype(at::kFloat).requires_grad(false)));
  }
}

void Adamw::step() {
  at::NoGradGuard no_grad;
  std::vector<at::Tensor> tensors, gradients, first, second, steps;
  for (std::size_t i = 0; i < tensors_.size(); ++i) {
    if (!tensors_[i].grad().defined()) continue;
    tensors.push_back(tensors_[i]);
    gradients.push_back(tensors_[i].grad());
    first.push_back(first_[i]);
    second.push_back(second_[i]);
    steps.push_back(steps_[i].add_(1));
  }
  if (tensors.empty()) return;
  at::_fused_adamw_(tensors, gradients, first, second, /*max_exp_avg_sqs=*/{}, steps, options_.rate,
                    options_.beta1, options_.beta2, options_.decay, options_.epsilon,
                    /*amsgrad=*/false, /*maximize=*/false);
}

void Adamw::forget_gradients() {
  for (at::Tensor& tensor : tensors_) tensor.mutable_grad().reset();
}

}  // namespace kale
