#include "kale/networks/network.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>

#include <cmath>

namespace kale {
namespace {

constexpr double kDeviation = 0.02;
constexpr double kLogitScale = 2.6592;  // log(1 / 0.07), CLIP

}  // namespace

std::vector<Parameter> Network::parameters(std::string_view prefix) {
  std::vector<Parameter> found;
  visit(Scope(found, ""));
  std::erase_if(found, [&](const Parameter& p) { return !p.name.starts_with(prefix); });
  return found;
}

void initialise(Network& network, std::uint64_t seed) {
  auto random = at::detail::createCPUGenerator(seed);
  for (const Parameter& p : network.parameters()) {
    at::Tensor value = at::empty(p.shape, at::kFloat);
    switch (p.init) {
      case Init::kNormal:
        value.normal_(0, kDeviation, random);
        break;
      case Init::kZeros:
        value.zero_();
        break;
      case Init::kOnes:
        value.fill_(1);
        break;
      case Init::kLogitScale:
        value.fill_(kLogitScale);
        break;
    }
    *p.tensor = value;
  }
}

void set_learning(Network& network, std::string_view prefix, bool learns) {
  for (const Parameter& p : network.parameters(prefix)) p.tensor->set_requires_grad(learns);
}

}  // namespace kale
