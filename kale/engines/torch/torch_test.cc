// Without libtorch and without weights: what a user is told.
#include "kale/engines/torch/torch.h"

#include <gtest/gtest.h>

#include "kale/core/executor_fake.h"
#include "kale/engines/torch/network_door.h"

namespace kale {
namespace {

TEST(Torch, AsksForItsFiles) {
  FakeExecutor executor;
  BuildContext build{.cpu = executor, .recipe_dir = "", .engine = {}};
  auto engine = make_torch({}, build);
  ASSERT_FALSE(engine);
  EXPECT_EQ(engine.error().code, Code::kBadConfig);
  EXPECT_NE(engine.error().message.find("convert_efficientnet.py"), std::string::npos);
}

TEST(Torch, NamesTheMissingFileAndItsCureAtStart) {
  FakeExecutor executor;
  BuildContext build{.cpu = executor, .recipe_dir = "/nowhere", .engine = {}};
  auto engine = make_torch({.weights = "a.safetensors", .classes = "a.txt"}, build);
  ASSERT_TRUE(engine) << "made without files, so that status needs none";
  Status started = (*engine)->start();
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().code, Code::kBadConfig);
  EXPECT_NE(started.error().message.find("/nowhere/a.txt"), std::string::npos);
  EXPECT_NE(started.error().message.find("convert_efficientnet.py"), std::string::npos);
}

TEST(Torch, ALibraryThatIsNotThereIsNotBuilt) {
  std::string header = "{}";
  std::string file = std::string("\x02\0\0\0\0\0\0\0", 8) + header;
  auto weights = Safetensors::parse(file, "empty");
  ASSERT_TRUE(weights);
  auto network = TorchNetwork::open("/nowhere/libkale_torch.so", *weights);
  ASSERT_FALSE(network);
  EXPECT_EQ(network.error().code, Code::kNotBuilt);
}

}  // namespace
}  // namespace kale
