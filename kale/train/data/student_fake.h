// A student of a few thousand numbers and pairs to learn from, on disk, for tests.
#pragma once

#include <turbojpeg.h>

#include <filesystem>
#include <string>
#include <vector>

#include "kale/core/check.h"
#include "kale/io/disk.h"
#include "kale/io/parquet/foreign_table_fake.h"
#include "kale/models/vocabulary_fake.h"

namespace kale {

inline constexpr int kFakeSide = 16;

// One colour, as a JPEG of kFakeSide px.
inline std::string fake_jpeg(std::uint8_t red, std::uint8_t green, std::uint8_t blue) {
  std::vector<std::uint8_t> rgb;
  for (int i = 0; i < kFakeSide * kFakeSide; ++i) rgb.insert(rgb.end(), {red, green, blue});
  tjhandle handle = tjInitCompress();
  unsigned char* bytes = nullptr;
  unsigned long size = 0;
  KALE_CHECK(tjCompress2(handle, rgb.data(), kFakeSide, 0, kFakeSide, TJPF_RGB, &bytes, &size,
                         TJSAMP_444, 95, 0) == 0,
             "turbojpeg compresses");
  std::string jpeg(reinterpret_cast<char*>(bytes), size);
  tjFree(bytes);
  tjDestroy(handle);
  return jpeg;
}

// A LLaVA folder without weights.
inline void write_fake_student(const std::filesystem::path& folder) {
  const std::string config = R"({"model_type": "llava", "image_token_index": 261,
      "projector_hidden_act": "gelu", "vision_feature_layer": -1,
      "vision_feature_select_strategy": "default", "vision_config": {"model_type":
      "clip_vision_model", "hidden_size": 24, "intermediate_size": 40, "num_hidden_layers": 2,
      "num_attention_heads": 2, "image_size": 16, "patch_size": 8, "projection_dim": 16},
      "text_config": {"model_type": "llama", "vocab_size": 264, "hidden_size": 32,
      "intermediate_size": 48, "num_hidden_layers": 2, "num_attention_heads": 2,
      "num_key_value_heads": 1, "max_position_embeddings": 128, "eos_token_id": 260,
      "bos_token_id": null}})";
  auto write = [&](const char* name, const std::string& text) {
    KALE_CHECK(write_whole_file(real_disk(), folder / name, text).has_value(), "files are written");
  };
  KALE_CHECK(real_disk().make_folders(folder).has_value(), "folders are made");
  write("config.json", config);
  write("tokenizer.json", fake_vocabulary().dump());
}

// Captions say what colour the picture is and repeat the alt-text's name.
struct FakePairs {
  std::vector<ForeignTable::Text> alt_texts, captions;
  std::vector<std::pair<ForeignTable::Text, ForeignTable::Text>> images;

  explicit FakePairs(int rows) {
    for (int i = 0; i < rows; ++i) {
      const bool red = i % 3 == 0;
      const std::string name(static_cast<std::size_t>(1 + i % 5), static_cast<char>('a' + i % 20));
      alt_texts.emplace_back(name);
      captions.emplace_back((red ? "red " : "blue ") + name);
      const auto shade = static_cast<std::uint8_t>(200 + i % 50);
      images.emplace_back(red ? fake_jpeg(shade, 0, 0) : fake_jpeg(0, 0, shade), std::nullopt);
    }
  }
  void write(const std::filesystem::path& path) const {
    ForeignTable()
        .texts("alt_text", alt_texts)
        .texts("caption", captions)
        .pictures("image", images)
        .write_parquet(path);
  }
};

}  // namespace kale
