#include "kale/networks/product.h"

#include <ATen/ATen.h>
#include <ATen/autocast_mode.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/grad_mode.h>
#include <torch/csrc/autograd/custom_function.h>

#include <optional>
#include <string_view>

#include "kale/core/check.h"

namespace kale {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;
using Scalars = c10::List<std::optional<at::Scalar>>;

// libtorch has these for its compiler; a build without oneDNN has none.
using Multiply = at::Tensor(const at::Tensor&, const at::Tensor&, const std::optional<at::Tensor>&,
                            std::string_view, Scalars, std::optional<std::string_view>);
using Pack = at::Tensor(const at::Tensor&, std::optional<std::int64_t>);

std::optional<c10::OperatorHandle> find(const char* name) {
  return c10::Dispatcher::singleton().findSchema({name, ""});
}

at::Tensor multiply(const at::Tensor& x, const at::Tensor& weight,
                    const std::optional<at::Tensor>& bias) {
  static const auto op = find("mkldnn::_linear_pointwise")->typed<Multiply>();
  return op.call(x, weight, bias, "none", Scalars(), "");
}

std::optional<at::Tensor> if_any(const at::Tensor& bias) {
  return bias.defined() ? std::optional(bias) : std::nullopt;
}

class Product : public torch::autograd::Function<Product> {
 public:
  static at::Tensor forward(AutogradContext* ctx, const at::Tensor& x, const at::Tensor& weight,
                            const std::optional<at::Tensor>& bias) {
    ctx->save_for_backward({x, weight});
    ctx->saved_data["has_bias"] = bias.has_value();
    return multiply(x, weight, bias);
  }

  static variable_list backward(AutogradContext* ctx, const variable_list& gradients) {
    KALE_CHECK(!at::GradMode::is_enabled(), "a product has no second derivatives");
    const variable_list saved = ctx->get_saved_variables();
    const at::Tensor &x = saved[0], &weight = saved[1];
    const std::int64_t in = weight.size(1), out = weight.size(0);
    const at::Tensor dy = gradients[0].reshape({-1, out});
    variable_list all(3);
    if (ctx->needs_input_grad(0)) all[0] = multiply(dy, weight.t().contiguous(), {}).view_as(x);
    if (ctx->needs_input_grad(1)) all[1] = dy.t().mm(x.reshape({-1, in}));
    if (ctx->saved_data["has_bias"].toBool() && ctx->needs_input_grad(2)) all[2] = dy.sum(0);
    return all;
  }
};

}  // namespace

bool suits_onednn(const at::Tensor& x) {
  static const bool built =
      find("mkldnn::_linear_pointwise") && find("mkldnn::_reorder_linear_weight");
  return built && x.device().is_cpu() && x.scalar_type() == at::kFloat &&
         !at::autocast::is_autocast_enabled(at::kCPU);
}

at::Tensor product(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias) {
  if (x.numel() == 0 || !suits_onednn(x)) return at::linear(x, weight, bias);
  const bool learns =
      x.requires_grad() || weight.requires_grad() || (bias.defined() && bias.requires_grad());
  if (!learns || !at::GradMode::is_enabled()) return multiply(x, weight, if_any(bias));
  return Product::apply(x, weight, if_any(bias));
}

PackedMatrix::PackedMatrix(const at::Tensor& weight, const at::Tensor& bias, std::int64_t rows)
    : bias_(bias) {
  static const auto op = find("mkldnn::_reorder_linear_weight")->typed<Pack>();
  packed_ = op.call(weight, rows);
}

at::Tensor PackedMatrix::operator()(const at::Tensor& x) const {
  return multiply(x, packed_, if_any(bias_));
}

}  // namespace kale
