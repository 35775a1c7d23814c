// A network is a tree of plain structs that hold tensors. visit() names each tensor once, with its
// shape and how it begins; loading, writing, initialising and optimising are visitors.
// Names    those of Hugging Face checkpoints, as transformers 4 wrote and 5 still reads them
// Threads  forward functions only read the tensors; visiting needs the network alone
// Units    letters of shapes: B batch, P patches, D vision width, T tokens, H text width
#pragma once

#include <ATen/core/Tensor.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kale/models/config.h"
#include "kale/models/names.h"

namespace kale {

enum class Init { kNormal, kZeros, kOnes, kLogitScale };

struct Parameter {
  std::string name;
  at::Tensor* tensor;  // in the network
  std::vector<std::int64_t> shape;
  Init init;
};

// Where in the tree a visit stands; collects.
class Scope {
 public:
  Scope(std::vector<Parameter>& found, std::string prefix)
      : found_(found), prefix_(std::move(prefix)) {}

  Scope operator/(std::string_view name) const {
    return Scope(found_, prefix_ + std::string(name) + ".");
  }
  Scope operator/(std::size_t index) const { return *this / std::to_string(index); }
  void tensor(std::string_view name, at::Tensor& tensor, std::vector<std::int64_t> shape,
              Init init) const {
    found_.push_back({prefix_ + std::string(name), &tensor, std::move(shape), init});
  }

 private:
  std::vector<Parameter>& found_;
  std::string prefix_;
};

class Network {
 public:
  virtual ~Network() = default;
  virtual void visit(const Scope& scope) = 0;
  virtual NetworkConfig config() const = 0;
  virtual std::vector<Rename> renames() const { return {}; }
  // Beginnings of names in files that belong to another part of the same checkpoint.
  virtual std::vector<std::string_view> others() const { return {}; }

  // In the order of the network, by name and place; `prefix` keeps those below it.
  std::vector<Parameter> parameters(std::string_view prefix = "");
};

// Tensors of their own, normal with deviation 0.02 as transformers begins; the same on every run.
void initialise(Network& network, std::uint64_t seed);

// Marks what begins with `prefix` as learning or frozen.
void set_learning(Network& network, std::string_view prefix, bool learns);

}  // namespace kale
