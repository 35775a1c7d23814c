#include "kale/networks/recompute.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>

#include "kale/core/check.h"
#include "kale/networks/precision.h"

namespace kale {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

// What backward needs besides tensors.
struct Work : torch::CustomClassHolder {
  std::function<at::Tensor(const at::Tensor&)> block;
  Precision precision = Precision::kFloat32;
};

class Recompute : public torch::autograd::Function<Recompute> {
 public:
  static at::Tensor forward(AutogradContext* ctx, const at::Tensor& x, at::TensorList weights,
                            const c10::intrusive_ptr<Work>& work) {
    variable_list saved = {x};
    saved.insert(saved.end(), weights.begin(), weights.end());
    ctx->save_for_backward(std::move(saved));
    ctx->saved_data["work"] = c10::IValue::make_capsule(work);
    return work->block(x);
  }

  static variable_list backward(AutogradContext* ctx, const variable_list& gradients) {
    KALE_CHECK(!at::GradMode::is_enabled(), "a recomputed block has no second derivatives");
    auto work = c10::static_intrusive_pointer_cast<Work>(ctx->saved_data["work"].toCapsule());
    variable_list inputs = ctx->get_saved_variables();
    const bool x_learns = inputs[0].requires_grad();
    at::AutoGradMode with_graph(true);
    inputs[0] = inputs[0].detach().requires_grad_(x_learns);
    at::Tensor y;
    {
      PrecisionScope scope(work->precision, inputs[0].device().type());
      y = work->block(inputs[0]);
    }
    variable_list learning;
    std::copy_if(inputs.begin(), inputs.end(), std::back_inserter(learning),
                 [](const at::Tensor& input) { return input.requires_grad(); });
    variable_list found = torch::autograd::grad({y}, learning, {gradients[0]}, std::nullopt,
                                                /*create_graph=*/false, /*allow_unused=*/true);
    variable_list all(inputs.size() + 1);  // one an argument of forward; none for the work
    auto next = found.begin();
    for (std::size_t i = 0; i < inputs.size(); ++i)
      if (inputs[i].requires_grad()) all[i] = *next++;
    return all;
  }
};

}  // namespace

at::Tensor recompute(const at::Tensor& x, const std::vector<at::Tensor>& weights,
                     std::function<at::Tensor(const at::Tensor&)> block) {
  variable_list defined;
  std::copy_if(weights.begin(), weights.end(), std::back_inserter(defined),
               [](const at::Tensor& weight) { return weight.defined(); });
  const bool learns = x.requires_grad() ||
                      std::any_of(defined.begin(), defined.end(),
                                  [](const at::Tensor& weight) { return weight.requires_grad(); });
  if (!learns || !at::GradMode::is_enabled()) return block(x);
  auto work = c10::make_intrusive<Work>();
  work->block = std::move(block);
  work->precision = precision_of(x.device().type());
  return Recompute::apply(x, at::TensorList(defined), work);
}

}  // namespace kale
