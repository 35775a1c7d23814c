#include "kale/models/picture_config.h"

#include <gtest/gtest.h>

#include <string>

namespace kale {
namespace {

std::string error_of(std::string_view json) {
  auto config = read_picture_config(json, "folder/preprocessor_config.json");
  return config ? "" : config.error().message;
}

TEST(PictureConfig, ReadsClipAsItWasFirstPublished) {
  auto config = read_picture_config(
      R"({"crop_size": 224, "do_center_crop": true, "do_normalize": true, "do_resize": true,
          "feature_extractor_type": "CLIPFeatureExtractor", "image_mean": [0.1, 0.2, 0.3],
          "image_std": [0.4, 0.5, 0.6], "resample": 3, "size": 256})",
      "p");
  ASSERT_TRUE(config) << describe_error(config.error());
  EXPECT_EQ(config->height, 256);
  EXPECT_EQ(config->width, 0) << "the shorter side";
  EXPECT_EQ(config->crop_width, 224);
  EXPECT_EQ(config->mean[2], 0.3);
  EXPECT_EQ(config->deviation[0], 0.4);
}

TEST(PictureConfig, ReadsSiglipInsideAProcessor) {
  auto config = read_picture_config(
      R"({"image_processor": {"image_processor_type": "SiglipImageProcessor",
          "size": {"height": 384, "width": 384}}, "processor_class": "SiglipProcessor"})",
      "p");
  ASSERT_TRUE(config) << describe_error(config.error());
  EXPECT_FALSE(config->crop);
  EXPECT_EQ(config->width, 384);
  EXPECT_EQ(config->mean[0], 0.5);
}

TEST(PictureConfig, RefusesWhatItWouldPrepareWrongly) {
  std::string error = error_of(R"({"resample": 2})");
  for (const char* part : {"folder/preprocessor_config.json", "resample is 2", "bicubic"}) {
    EXPECT_NE(error.find(part), std::string::npos) << error;
  }
  for (const char* json :
       {R"({"do_resize": false})", R"({"size": {"longest_edge": 224}})", R"({"size": 0})",
        R"({"size": {"height": 224, "width": 1000000000}})", R"({"image_mean": [1, 2]})",
        R"({"image_std": [1, 0, 1]})", R"({"do_center_crop": 1})", R"({"rescale_factor": "x"})",
        R"({"crop_size": {"shortest_edge": 224}})",
        R"({"image_processor_type": "Qwen2VLImageProcessor"})", "[]", "{"}) {
    EXPECT_NE(error_of(json), "") << json;
  }
}

// Sizes, crops and bits are held to Pillow by tests/parity/networks.py.
}  // namespace
}  // namespace kale
