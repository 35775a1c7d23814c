// The network here is a fake door: the sum of a picture's planes is its only logit.
#include "kale/engines/torch/batches.h"

#include <gtest/gtest.h>

#include <cstdio>

#include "kale/core/executor_fake.h"
#include "kale/core/task.h"

struct KaleNetwork {
  std::atomic<int> runs = 0;
  std::atomic<int> fails_from = 1 << 30;
  std::atomic<bool> closed = false;
};

namespace kale {
namespace {

int sum_planes(KaleNetwork* network, const float* images, std::int64_t batch, std::int64_t side,
               float* logits, std::int64_t classes, char* error, std::size_t error_bytes) {
  if (network->runs++ >= network->fails_from) {
    std::snprintf(error, error_bytes, "out of memory");
    return 1;
  }
  std::int64_t size = 3 * side * side;
  for (std::int64_t i = 0; i < batch; ++i) {
    float sum = 0;
    for (std::int64_t j = 0; j < size; ++j) sum += images[i * size + j];
    for (std::int64_t c = 0; c < classes; ++c) logits[i * classes + c] = sum;
  }
  return 0;
}

void mark_closed(KaleNetwork* network) { network->closed = true; }

constexpr KaleTorchDoor kFakeDoor = {KALE_TORCH_DOOR_VERSION, nullptr, sum_planes, mark_closed};
constexpr BatchShape kShape = {.batch = 4, .side = 2, .classes = 1, .threads = 2};
using Logits = Result<std::vector<float>>;

Task<Logits> ask(Batches& batches, Executor& executor, float value) {
  Completion<Logits> done(executor);
  batches.add({.planes = std::vector<float>(12, value), .done = &done});
  auto logits = co_await done;
  co_return logits;
}

Task<std::vector<Logits>> ask_many(Batches& batches, Executor& executor, int count) {
  std::deque<Completion<Logits>> done;
  for (int i = 0; i < count; ++i) {
    Completion<Logits>& one = done.emplace_back(executor);
    batches.add({.planes = std::vector<float>(12, static_cast<float>(i)), .done = &one});
  }
  std::vector<Logits> all;
  for (auto& one : done) {
    auto logits = co_await one;
    all.push_back(std::move(logits));
  }
  co_return all;
}

struct BatchesTest : testing::Test {
  void start() {
    Status started = batches.start(std::make_unique<TorchNetwork>(kFakeDoor, &network), kShape);
    ASSERT_TRUE(started);
  }

  FakeExecutor executor;
  KaleNetwork network;
  Batches batches;
};

TEST_F(BatchesTest, EveryWaiterGetsItsOwnAnswer) {
  start();
  auto all = executor.run(ask_many(batches, executor, 11));
  ASSERT_EQ(all.size(), 11U);
  for (std::size_t i = 0; i < all.size(); ++i) {
    ASSERT_TRUE(all[i]);
    EXPECT_EQ(all[i]->front(), 12 * static_cast<float>(i));
  }
}

TEST_F(BatchesTest, WeightsThatDoNotFitShowAtStart) {
  network.fails_from = 0;
  Status started = batches.start(std::make_unique<TorchNetwork>(kFakeDoor, &network), kShape);
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().code, Code::kBadConfig);
}

TEST_F(BatchesTest, AFailureAnswersEveryWaiterAndAllAfter) {
  start();
  network.fails_from = 1;
  for (const Logits& one : executor.run(ask_many(batches, executor, 9))) {
    ASSERT_FALSE(one);
    EXPECT_EQ(one.error().code, Code::kEngineGone);
    EXPECT_NE(one.error().message.find("out of memory"), std::string::npos);
  }
  EXPECT_EQ(executor.run(ask(batches, executor, 1)).error().code, Code::kEngineGone);
}

TEST_F(BatchesTest, StopCancelsAndMayComeTwice) {
  start();
  batches.stop();
  batches.stop();
  auto logits = executor.run(ask(batches, executor, 1));
  ASSERT_FALSE(logits);
  EXPECT_EQ(logits.error().code, Code::kCancelled);
}

TEST_F(BatchesTest, NeverStartedIsAnErrorAndNotAWait) {
  auto logits = executor.run(ask(batches, executor, 1));
  ASSERT_FALSE(logits);
  EXPECT_EQ(logits.error().code, Code::kEngineGone);
}

TEST(Batches, ClosesItsNetwork) {
  KaleNetwork network;
  {
    Batches batches;
    ASSERT_TRUE(batches.start(std::make_unique<TorchNetwork>(kFakeDoor, &network), kShape));
  }
  EXPECT_TRUE(network.closed);
}

}  // namespace
}  // namespace kale
