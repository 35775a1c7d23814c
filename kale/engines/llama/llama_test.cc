// What can be told without a model: see llama_model_test.cc for the rest.
#include "kale/engines/llama/llama.h"

#include <gtest/gtest.h>

#include <fstream>

#include "kale/core/executor_fake.h"
#include "kale/io/temp_folder.h"

namespace kale {
namespace {

class LlamaOptionsTest : public testing::Test {
 protected:
  Result<std::unique_ptr<Engine>> make(LlamaOptions options) {
    return make_llama(std::move(options), {executor_, 2, folder_.path(), {}});
  }
  LlamaOptions file(std::string_view content) {
    std::ofstream(folder_.path() / "tiny-model.gguf") << content;
    LlamaOptions options;
    options.model = "tiny-model.gguf";
    return options;
  }

  FakeExecutor executor_;
  TempFolder folder_;
};

TEST_F(LlamaOptionsTest, AMissingFileIsNamed) {
  LlamaOptions options;
  EXPECT_EQ(make(options).error().code, Code::kBadConfig);
  options.model = "nowhere.gguf";
  auto made = make(options);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, Code::kNotFound);
  EXPECT_NE(made.error().message.find("nowhere.gguf"), std::string::npos);
}

TEST_F(LlamaOptionsTest, AFolderIsNoModelFile) {
  const std::string folder = folder_.path().string();
  LlamaOptions no_model, no_projector = file("some weights");
  no_model.model = folder;
  no_projector.mmproj = folder;
  for (const LlamaOptions& options : {no_model, no_projector}) {
    auto made = make(options);
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code, Code::kNotFound);
    EXPECT_NE(made.error().message.find("kale export gguf"), std::string::npos);
  }
}

TEST_F(LlamaOptionsTest, TraitsAreKnownBeforeTheStart) {
  auto engine = make(file("some weights")).value();
  EXPECT_EQ(engine->traits().id, "llama:tiny-model");
  auto digest = engine->traits().model_digest;
  EXPECT_EQ(digest.size(), 32u);
  EXPECT_FALSE(engine->traits().reproducible);
  EXPECT_NE(make(file("other weights")).value()->traits().model_digest, digest);
  auto options = file("some weights");
  options.chat_template = "chatml";
  EXPECT_NE(make(options).value()->traits().model_digest, digest);
}

TEST_F(LlamaOptionsTest, AProjectorMakesAnotherModelThatSees) {
  auto options = file("some weights");
  auto blind = make(options).value()->traits();
  EXPECT_FALSE(blind.sees_images);
  options.image_tokens_max = 256;
  EXPECT_EQ(make(options).value()->traits().model_digest, blind.model_digest);
  options.image_tokens_max = 0;
  std::ofstream(folder_.path() / "eyes.gguf") << "a projector";
  options.mmproj = "eyes.gguf";
  auto sees = make(options).value()->traits();
  EXPECT_TRUE(sees.sees_images);
  EXPECT_EQ(sees.id, "llama:tiny-model+eyes");
  EXPECT_NE(sees.model_digest, blind.model_digest);
  options.image_tokens_max = 256;
  EXPECT_NE(make(options).value()->traits().model_digest, sees.model_digest);
  std::ofstream(folder_.path() / "eyes.gguf") << "another";
  options.image_tokens_max = 0;
  EXPECT_NE(make(options).value()->traits().model_digest, sees.model_digest);
}

TEST_F(LlamaOptionsTest, AMissingProjectorIsNamed) {
  auto options = file("some weights");
  options.mmproj = "nowhere.gguf";
  auto made = make(options);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, Code::kNotFound);
  EXPECT_NE(made.error().message.find("nowhere.gguf"), std::string::npos);
  EXPECT_NE(made.error().message.find("mmproj"), std::string::npos);
}

TEST_F(LlamaOptionsTest, FewestTokensOfAPictureAboveMostAreRefused) {
  auto options = file("some weights");
  options.image_tokens_min = 300;
  options.image_tokens_max = 256;
  auto made = make(options);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, Code::kBadConfig);
  EXPECT_NE(made.error().message.find("image_tokens_min"), std::string::npos);
}

TEST_F(LlamaOptionsTest, ReproducibleWhereEachWorkerWritesOneReply) {
  auto options = file("some weights");
  options.sequences = 1;
  EXPECT_TRUE(make(options).value()->traits().reproducible);
  options.sequences = 2;
  EXPECT_TRUE(make(options).value()->traits().reproducible);  // two cores, two workers
  options.workers = 1;
  EXPECT_FALSE(make(options).value()->traits().reproducible);
}

TEST_F(LlamaOptionsTest, ACacheSmallerThanOneContextIsRefused) {
  auto options = file("some weights");
  options.cache_tokens = 2048;  // for two workers
  auto made = make(options);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, Code::kBadConfig);
  EXPECT_NE(made.error().message.find("4096"), std::string::npos) << made.error().message;
}

TEST_F(LlamaOptionsTest, MoreSequencesThanLlamaCppTellsApartAreRefused) {
  auto options = file("some weights");
  options.sequences = 1024;
  options.workers = 1;
  EXPECT_EQ(make(options).error().code, Code::kBadConfig);
}

TEST_F(LlamaOptionsTest, AFileThatIsNoGgufIsRefusedAtTheStart) {
  for (std::string content : {"not a model at all", "", "GGUF and then nothing of sense"}) {
    auto engine = make(file(content)).value();
    auto started = engine->start();
    ASSERT_FALSE(started);
    EXPECT_EQ(started.error().code, Code::kBadConfig);
    EXPECT_NE(started.error().message.find("tiny-model.gguf"), std::string::npos);
  }
}

}  // namespace
}  // namespace kale
