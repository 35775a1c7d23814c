#include "kale/networks/checkpoint.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "kale/io/temp_folder.h"
#include "kale/models/safetensors.h"
#include "kale/networks/llava.h"

namespace kale {
namespace {

namespace fs = std::filesystem;

DecoderConfig small_decoder() {
  DecoderConfig config;
  config.vocabulary = 20;
  config.width = 8;
  config.mlp_width = 12;
  config.layers = 2;
  config.heads = 2;
  config.complete();
  return config;
}

LlavaConfig small_llava() {
  LlavaConfig config;
  config.text = small_decoder();
  config.image_token = 19;
  config.vision.encoder = {.width = 8, .mlp_width = 12, .layers = 2, .heads = 2};
  config.vision.image_side = 8;
  config.vision.patch_side = 4;
  return config;
}

void save(Network& network, const fs::path& folder) {
  Status saved = save_network(real_disk(), folder, network);
  ASSERT_TRUE(saved) << describe_error(saved.error());
}

std::string error_of(const fs::path& folder) {
  auto network = load_network(real_disk(), folder, {});
  return network ? "" : network.error().message;
}

using Tensors = std::map<std::string, Tensor, std::less<>>;

// The weights of `folder` again, changed by `change`.
template <class F>
void rewrite(const fs::path& folder, const char* to, F change) {
  auto bytes = real_disk().read(folder / "model.safetensors", 1 << 20);
  ASSERT_TRUE(bytes);
  auto parsed = Safetensors::parse(std::move(*bytes), "whole");
  ASSERT_TRUE(parsed);
  Tensors tensors = parsed->tensors();
  change(tensors);
  ASSERT_TRUE(write_safetensors(real_disk(), folder / to, tensors, {}));
}

TEST(Checkpoint, LoadsWhatItSaved) {
  TempFolder temp;
  Llava llava(small_llava());
  initialise(llava, 3);
  save(llava, temp.path());
  auto loaded = load_network(real_disk(), temp.path(), {});
  ASSERT_TRUE(loaded) << describe_error(loaded.error());
  auto before = llava.parameters();
  auto after = (*loaded)->parameters();
  ASSERT_EQ(before.size(), after.size());
  for (std::size_t i = 0; i < before.size(); ++i) {
    EXPECT_EQ(before[i].name, after[i].name);
    EXPECT_TRUE(before[i].tensor->equal(*after[i].tensor)) << before[i].name;
  }
}

TEST(Checkpoint, ReadsHalfPrecisionAsWhatIsAskedFor) {
  TempFolder temp;
  Decoder decoder(small_decoder());
  initialise(decoder, 3);
  for (const Parameter& p : decoder.parameters()) *p.tensor = p.tensor->to(at::kBFloat16);
  save(decoder, temp.path());
  auto loaded = load_network(real_disk(), temp.path(), {.type = at::kFloat});
  ASSERT_TRUE(loaded) << describe_error(loaded.error());
  at::Tensor read = *(*loaded)->parameters().front().tensor;
  EXPECT_EQ(read.scalar_type(), at::kFloat);
  EXPECT_TRUE(read.equal(decoder.parameters().front().tensor->to(at::kFloat)));
}

TEST(Checkpoint, ReadsShards) {
  TempFolder temp;
  Decoder decoder(small_decoder());
  initialise(decoder, 3);
  save(decoder, temp.path());
  auto norm = [](const auto& tensor) { return tensor.first == "model.norm.weight"; };
  rewrite(temp.path(), "one.safetensors", [&](Tensors& t) { std::erase_if(t, norm); });
  rewrite(temp.path(), "two.safetensors",
          [&](Tensors& t) { std::erase_if(t, [&](const auto& x) { return !norm(x); }); });
  fs::remove(temp.path() / "model.safetensors");
  auto index = [&](std::string_view second) {
    std::string json = R"({"weight_map": {"a": "one.safetensors", "model.norm.weight": ")";
    json += std::string(second) + R"("}})";
    ASSERT_TRUE(write_whole_file(real_disk(), temp.path() / "model.safetensors.index.json", json));
  };
  index("two.safetensors");
  EXPECT_EQ(error_of(temp.path()), "");
  index("one.safetensors");
  EXPECT_NE(error_of(temp.path()).find("model.norm.weight"), std::string::npos);
  index("../two.safetensors");
  EXPECT_NE(error_of(temp.path()).find("no file of this folder"), std::string::npos);
}

TEST(Checkpoint, NamesTensorsThatAreMissingOrLeftOver) {
  TempFolder temp;
  Decoder decoder(small_decoder());
  initialise(decoder, 3);
  save(decoder, temp.path());
  rewrite(temp.path(), "model.safetensors", [](Tensors& t) { t.erase("model.norm.weight"); });
  EXPECT_NE(error_of(temp.path())
                .find("1 tensors that config.json asks for are missing: "
                      "model.norm.weight"),
            std::string::npos)
      << error_of(temp.path());
  save(decoder, temp.path());
  rewrite(temp.path(), "model.safetensors",
          [](Tensors& t) { t["model.extra.weight"] = t["model.norm.weight"]; });
  EXPECT_NE(error_of(temp.path())
                .find("no place in the network of config.json: "
                      "model.extra.weight"),
            std::string::npos);
}

TEST(Checkpoint, NamesTheTensorAndBothShapes) {
  TempFolder temp;
  Decoder decoder(small_decoder());
  initialise(decoder, 3);
  save(decoder, temp.path());
  rewrite(temp.path(), "model.safetensors", [](Tensors& t) {
    t["model.norm.weight"].shape = {2, 4};
  });
  std::string error = error_of(temp.path());
  EXPECT_NE(error.find("model.norm.weight is [2, 4], and config.json asks for [8]"),
            std::string::npos)
      << error;
}

TEST(Checkpoint, OldBuffersAndTheOutputLayerOfATiedNetworkAreNoWeights) {
  TempFolder temp;
  DecoderConfig config = small_decoder();
  config.tied = true;
  Decoder decoder(config);
  initialise(decoder, 3);
  save(decoder, temp.path());
  rewrite(temp.path(), "model.safetensors", [](Tensors& t) {
    t["lm_head.weight"] = t["model.embed_tokens.weight"];
    t["model.layers.0.self_attn.rotary_emb.inv_freq"] = t["model.norm.weight"];
  });
  EXPECT_EQ(error_of(temp.path()), "");
}

TEST(Checkpoint, AFolderWithoutWeightsSaysWhatIsLookedFor) {
  TempFolder temp;
  EXPECT_NE(error_of(temp.path()).find("config.json"), std::string::npos);
  std::string json = write_config(small_decoder());
  ASSERT_TRUE(write_whole_file(real_disk(), temp.path() / "config.json", json));
  EXPECT_NE(error_of(temp.path()).find("model.safetensors.index.json"), std::string::npos);
}

}  // namespace
}  // namespace kale
