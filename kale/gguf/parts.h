// What goes into the two files. llama.cpp's graphs are fixed: each part says which numbers its
// graph wants, and refuses a config that the graph would compute otherwise.
// Errors   kBadConfig, naming file, key and cure
// Threads  free functions; the weights outlive the files
#pragma once

#include <string>
#include <vector>

#include "kale/gguf/file.h"
#include "kale/gguf/weights.h"
#include "kale/models/config.h"
#include "kale/models/picture_config.h"

namespace kale {

// "FILE: key KEY is VALUE, where llama.cpp WHAT; CURE"
Error refused(const std::string& file, std::string_view key, std::string_view value,
              std::string_view what, std::string_view cure);
std::string quoted(Activation activation);

// The tensor `source` under the name that llama.cpp knows; `exact`: F32 in any file.
void add_weights(GgufFile& file, LlavaWeights& weights, const std::string& name,
                 const std::string& source, std::vector<std::int64_t> shape, bool exact = false);

// The decoder's keys and tensors; its vocabulary is not among them. `config_path` is for messages.
Status add_text(GgufFile& file, LlavaWeights& weights, const DecoderConfig& config,
                const std::string& config_path);

// The tower's and the projector's. `notes` gets what differs between the folder's processor and
// llama.cpp's.
Status add_vision(GgufFile& file, LlavaWeights& weights, const LlavaConfig& config,
                  const PictureConfig& pictures, const std::string& config_path,
                  std::vector<std::string>& notes);

}  // namespace kale
