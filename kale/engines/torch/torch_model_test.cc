// Needs libkale_torch.so and .deps/models (scripts/setup.sh).
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <thread>

#include "kale/core/executor_fake.h"
#include "kale/core/rng.h"
#include "kale/engines/torch/network_door.h"
#include "kale/engines/torch/torch.h"
#include "kale/io/disk.h"

namespace kale {
namespace {

constexpr int kSide = 260;
constexpr int kClasses = 1000;
constexpr std::size_t kPlanes = 3 * kSide * kSide;
const char* const kWeights = ".deps/models/efficientnet-lite2.safetensors";

std::vector<float> noise(std::uint64_t seed) {
  Rng rng(seed);
  std::vector<float> planes(kPlanes);
  for (float& value : planes) value = static_cast<float>(2 * rng.uniform() - 1);
  return planes;
}

std::unique_ptr<TorchNetwork> open_network() {
  auto bytes = real_disk().read(kWeights, 1 << 30);
  KALE_CHECK(bytes.has_value(), "no weights; run scripts/setup.sh");
  auto weights = Safetensors::parse(std::move(*bytes), kWeights);
  KALE_CHECK(weights.has_value(), "the weights parse");
  auto network = TorchNetwork::open({}, *weights);
  KALE_CHECK(network.has_value(), describe_error(network.error()));
  return std::move(*network);
}

// The logits of picture 1 at `place` of a batch of four, beside pictures from `others`.
std::vector<float> logits_beside(TorchNetwork& network, int place, std::uint64_t others) {
  std::vector<float> images;
  for (int i = 0; i < 4; ++i) {
    auto planes = i == place ? noise(1)
                             : (others == 0 ? std::vector<float>(kPlanes, 0)
                                            : noise(others + static_cast<std::uint64_t>(i)));
    images.insert(images.end(), planes.begin(), planes.end());
  }
  auto logits = network.run(images, 4, kSide, kClasses);
  KALE_CHECK(logits.has_value(), "the network runs");
  auto first = logits->begin() + place * kClasses;
  return {first, first + kClasses};
}

TEST(TorchModel, AnAnswerDoesNotDependOnTheBatchAroundIt) {
  auto network = open_network();
  auto alone = logits_beside(*network, 0, 0);
  for (int place = 0; place < 4; ++place) {
    EXPECT_EQ(logits_beside(*network, place, 0), alone) << "alone at place " << place;
    EXPECT_EQ(logits_beside(*network, place, 100), alone) << "in company at place " << place;
  }
}

TEST(TorchModel, AnAnswerDoesNotDependOnTheThreadThatComputesIt) {
  auto network = open_network();
  auto here = logits_beside(*network, 0, 0);
  std::vector<float> there;
  std::vector<float> beside;
  std::thread first([&] { there = logits_beside(*network, 0, 0); });
  std::thread second([&] { beside = logits_beside(*network, 1, 100); });
  first.join();
  second.join();
  EXPECT_EQ(there, here);
  EXPECT_EQ(beside, here);
}

TEST(TorchModel, AnswersWithFiveClasses) {
  FakeExecutor executor;
  BuildContext build{.cpu = executor, .cores = 2, .recipe_dir = "", .engine = {}};
  auto engine =
      make_torch({.weights = kWeights, .classes = ".deps/models/imagenet-classes.txt"}, build);
  ASSERT_TRUE(engine);
  Status started = (*engine)->start();
  ASSERT_TRUE(started) << describe_error(started.error());
  Prompt prompt;
  prompt.images.push_back(std::make_shared<Pixels>(Pixels{1, 1, {9, 9, 9}}));
  auto reply = executor.run((*engine)->generate(std::move(prompt), {}));
  ASSERT_TRUE(reply);
  auto classes = nlohmann::json::parse(reply->choices.front().text)["classes"];
  ASSERT_EQ(classes.size(), 5U);
  for (std::size_t i = 1; i < 5; ++i) {
    EXPECT_LE(classes[i]["probability"].get<double>(), classes[i - 1]["probability"].get<double>());
  }
  (*engine)->stop();
}

TEST(TorchModel, WeightsOfAnotherNetworkAreRefusedAtOpening) {
  std::string header = R"({"stem.weight":{"dtype":"F16","shape":[1],"data_offsets":[0,2]}})";
  std::string file(8, '\0');
  file[0] = static_cast<char>(header.size());
  auto weights = Safetensors::parse(file + header + "ab", "other");
  ASSERT_TRUE(weights);
  auto network = TorchNetwork::open({}, *weights);
  ASSERT_FALSE(network);
  EXPECT_EQ(network.error().code, Code::kBadConfig);
}

}  // namespace
}  // namespace kale
