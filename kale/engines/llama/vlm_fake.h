// Writes small models with random weights, which load and run like real ones and say nothing that
// means anything. For tests, and for trying the way of pictures without a VLM at hand. The same
// bytes for the same request.
// Errors   kIo, kBadConfig
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "kale/core/result.h"

namespace kale::llama {

// "llava": 64 cells, one picture a run; "internvl": tiles of 16 cells, several a run; "gemma3": 16
// cells that see each other; "qwen2vl": any resolution, for models with M-RoPE.
struct FakeProjector {
  std::string_view form = "llava";
  int width = 576;  // of the language model's embeddings; 576 is SmolLM2-135M's
  std::uint64_t seed = 1;
};
Status write_fake_projector(const std::filesystem::path& path, const FakeProjector& projector);

// A language model of this width with the vocabulary and the chat template of another; form
// "llama", or "qwen2vl" (M-RoPE).
inline constexpr int kFakeModelWidth = 64;
Status write_fake_model(const std::filesystem::path& path, const std::string& form,
                        const std::filesystem::path& vocabulary_of, std::uint64_t seed = 1);

}  // namespace kale::llama
