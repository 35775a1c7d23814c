// What training changes in how networks are computed, and what it must not change.
#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <ATen/core/grad_mode.h>
#include <c10/core/Allocator.h>
#include <c10/util/ThreadLocalDebugInfo.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "kale/networks/llava.h"
#include "kale/networks/precision.h"
#include "kale/networks/recompute.h"

namespace kale {
namespace {

// On a busy machine threads for tensors this small mostly wait for each other; and what other
// threads allocate would be missing in the account below.
struct OneThread : testing::Environment {
  void SetUp() override { at::set_num_threads(1); }
};
const testing::Environment* const kOneThread = testing::AddGlobalTestEnvironment(new OneThread);

constexpr std::int64_t kImageToken = 25;
constexpr std::int64_t kPatches = 4;

LlavaConfig small_llava(std::int64_t layers = 3) {
  LlavaConfig config;
  config.text.vocabulary = 30;
  config.text.width = 16;
  config.text.mlp_width = 24;
  config.text.layers = layers;
  config.text.heads = 4;
  config.text.kv_heads = 2;
  config.text.complete();
  config.image_token = kImageToken;
  config.vision.encoder = {.width = 8, .mlp_width = 12, .layers = 4, .heads = 2};
  config.vision.image_side = 8;
  config.vision.patch_side = 4;
  return config;
}

// Weights large enough that rounding and order show.
Llava made(const LlavaConfig& config) {
  Llava llava(config);
  initialise(llava, 11);
  for (const Parameter& p : llava.parameters())
    if (p.init == Init::kNormal) p.tensor->mul_(10);
  return llava;
}

struct Batch {
  at::Tensor tokens, pixels, mask, labels;
};

// Two texts with a picture each, the second shorter.
Batch small_batch(std::int64_t T = 24) {
  at::manual_seed(3);
  Batch batch;
  batch.tokens = at::arange(2 * T).remainder(23).reshape({2, T});
  batch.tokens.narrow(1, 2, kPatches).fill_(kImageToken);
  batch.pixels = at::randn({2, 3, 8, 8});
  batch.mask = at::ones({2, T}, at::kBool);
  batch.mask[1].narrow(0, T - 5, 5).fill_(false);
  batch.labels = batch.tokens.masked_fill(batch.mask.logical_not(), Decoder::kIgnored);
  batch.labels.narrow(1, 0, 8).fill_(Decoder::kIgnored);
  return batch;
}

at::Tensor loss_of(const Llava& llava, const Batch& batch) {
  return llava.loss(batch.tokens, batch.pixels, batch.mask, batch.labels).mean();
}

void set_recompute(Llava& llava, bool on) {
  llava.vision().set_recompute(on);
  llava.text().set_recompute(on);
}

using Gradients = std::map<std::string, at::Tensor>;

Gradients gradients_of(Llava& llava) {
  Gradients gradients;
  for (const Parameter& p : llava.parameters()) {
    gradients[p.name] = p.tensor->grad();
    p.tensor->mutable_grad().reset();
  }
  return gradients;
}

void expect_same(const Gradients& a, const Gradients& b) {
  ASSERT_EQ(a.size(), b.size());
  for (const auto& [name, gradient] : a) {
    const at::Tensor& other = b.at(name);
    ASSERT_EQ(gradient.defined(), other.defined()) << name;
    EXPECT_TRUE(!gradient.defined() || gradient.equal(other)) << name;
  }
}

class Recomputed : public testing::TestWithParam<const char*> {};

TEST_P(Recomputed, LossAndGradientsAreTheSameToTheLastBit) {
  Llava llava = made(small_llava());
  set_learning(llava, GetParam(), true);
  const Batch batch = small_batch();
  at::Tensor plain = loss_of(llava, batch);
  plain.backward();
  const Gradients kept = gradients_of(llava);
  EXPECT_TRUE(std::any_of(kept.begin(), kept.end(), [](const auto& entry) {
    return entry.second.defined() && entry.second.abs().max().template item<float>() > 0;
  }));
  set_recompute(llava, true);
  at::Tensor again = loss_of(llava, batch);
  again.backward();
  EXPECT_TRUE(again.equal(plain)) << again.item<float>() << " is not " << plain.item<float>();
  expect_same(kept, gradients_of(llava));
}

// All; the projector alone under a frozen decoder; a decoder whose input does not learn; one block.
INSTANTIATE_TEST_SUITE_P(Parts, Recomputed,
                         testing::Values("", "multi_modal_projector.",
                                         "language_model.model.layers.",
                                         "language_model.model.layers.1.mlp."));

TEST(Recompute, GradientsOfSeveralBatchesAddUp) {
  Llava llava = made(small_llava());
  set_learning(llava, "", true);
  const Batch one = small_batch(), two = small_batch(30);
  auto both = [&] {
    loss_of(llava, one).backward();
    loss_of(llava, two).backward();
    return gradients_of(llava);
  };
  const Gradients kept = both();
  set_recompute(llava, true);
  expect_same(kept, both());
}

TEST(Recompute, WhatIsFrozenMakesNoGraph) {
  Llava llava = made(small_llava());
  set_recompute(llava, true);
  set_learning(llava, "language_model.", true);
  const Batch batch = small_batch();
  EXPECT_FALSE(llava.image_features(batch.pixels).requires_grad());
  EXPECT_TRUE(loss_of(llava, batch).requires_grad());
  at::NoGradGuard no_grad;
  EXPECT_FALSE(loss_of(llava, batch).requires_grad());
}

TEST(Recompute, AGeneratingDecoderUsesItsCache) {
  at::NoGradGuard no_grad;
  Llava llava = made(small_llava());
  const Decoder& text = llava.text();
  at::Tensor embeddings = text.embed(small_batch().tokens);
  at::Tensor whole = text.hidden({.embeddings = embeddings});
  set_recompute(llava, true);
  KvCache cache(text.decoder_config(), 2, 24, embeddings.options());
  at::Tensor first = text.hidden({.embeddings = embeddings.narrow(1, 0, 20), .cache = &cache});
  at::Tensor rest = text.hidden({.embeddings = embeddings.narrow(1, 20, 4), .cache = &cache});
  EXPECT_LT((at::cat({first, rest}, 1) - whole).abs().max().item<float>(), 1e-5);
}

TEST(RecomputeDeathTest, SecondDerivativesAreRefused) {
  at::Tensor x = at::ones({3}).requires_grad_(true);
  at::Tensor y = recompute(x, {}, [](const at::Tensor& in) { return in * in; }).sum();
  EXPECT_DEATH(y.backward({}, /*retain_graph=*/true, /*create_graph=*/true),
               "no second derivatives");
}

// Bytes that tensors of this thread take, by libtorch's own account.
class Account : public c10::MemoryReportingInfoBase {
 public:
  void reportMemoryUsage(void*, std::int64_t bytes, std::size_t, std::size_t,
                         c10::Device) override {
    now += bytes;
    peak = std::max(peak, now);
  }
  bool memoryProfilingEnabled() const override { return true; }
  std::int64_t now = 0, peak = 0;
};

std::int64_t peak_bytes(const std::function<void()>& work) {
  auto account = std::make_shared<Account>();
  c10::DebugInfoGuard guard(c10::DebugInfoKind::PROFILER_STATE, account);
  work();
  return account->peak;
}

TEST(Recompute, MemoryPeaksLower) {
  Llava llava = made(small_llava(12));
  set_learning(llava, "language_model.model.layers.", true);
  const Batch batch = small_batch(200);
  auto train = [&] {
    loss_of(llava, batch).backward();
    gradients_of(llava);
  };
  const std::int64_t kept = peak_bytes(train);
  set_recompute(llava, true);
  const std::int64_t again = peak_bytes(train);
  EXPECT_GT(again, 0);
  EXPECT_LT(static_cast<double>(again), 0.25 * static_cast<double>(kept))
      << again << " bytes, without recomputing " << kept;
}

TEST(Precision, ALossInBfloat16IsNearAndItsGradientsAreFloat32) {
  Llava llava = made(small_llava());
  set_learning(llava, "", true);
  const Batch batch = small_batch();
  at::Tensor whole = loss_of(llava, batch);
  whole.backward();
  const Gradients exact = gradients_of(llava);
  at::Tensor half;
  {
    PrecisionScope scope(Precision::kBfloat16, at::kCPU);
    EXPECT_EQ(at::linear(at::ones({2, 3}), at::ones({4, 3})).scalar_type(), at::kBFloat16);
    half = loss_of(llava, batch);
  }
  half.backward();
  EXPECT_EQ(half.scalar_type(), at::kFloat);
  EXPECT_FALSE(half.equal(whole)) << "it was computed otherwise";
  EXPECT_NEAR(half.item<float>(), whole.item<float>(), 0.02 * whole.item<float>());
  for (const auto& [name, gradient] : gradients_of(llava)) {
    if (!gradient.defined()) continue;
    EXPECT_EQ(gradient.scalar_type(), at::kFloat) << name;
    const float off = (gradient - exact.at(name)).norm().item<float>();
    EXPECT_LT(off, 0.15F * exact.at(name).norm().item<float>() + 1e-4F) << name;
  }
}

TEST(Precision, RecomputingKeepsThePrecisionOfForward) {
  Llava llava = made(small_llava());
  set_learning(llava, "", true);
  const Batch batch = small_batch();
  auto train = [&] {
    at::Tensor loss;
    {
      PrecisionScope scope(Precision::kBfloat16, at::kCPU);
      loss = loss_of(llava, batch);
    }
    loss.backward();  // outside of the scope
    return loss;
  };
  at::Tensor plain = train();
  const Gradients kept = gradients_of(llava);
  set_recompute(llava, true);
  EXPECT_TRUE(train().equal(plain));
  expect_same(kept, gradients_of(llava));
}

TEST(Precision, AScopeLeavesTheThreadAsItWas) {
  EXPECT_EQ(precision_of(at::kCPU), Precision::kFloat32);
  {
    PrecisionScope outer(Precision::kBfloat16, at::kCPU);
    {
      PrecisionScope inner(Precision::kFloat32, at::kCPU);
      EXPECT_EQ(precision_of(at::kCPU), Precision::kFloat32);
    }
    EXPECT_EQ(precision_of(at::kCPU), Precision::kBfloat16);
  }
  EXPECT_EQ(precision_of(at::kCPU), Precision::kFloat32);
}

}  // namespace
}  // namespace kale
