// A student in training: the network, its tokenizer and how its pictures are prepared.
// Errors   those of kale/networks/checkpoint.h, kale/student and kale/tokens; kBadConfig where
//          parts do not fit, naming both
// Threads  belongs to one thread, but layout().encode
#pragma once

#include <filesystem>
#include <memory>
#include <optional>

#include "kale/io/disk.h"
#include "kale/networks/llava.h"
#include "kale/networks/picture.h"
#include "kale/student/companions.h"
#include "kale/tokens/tokenizer.h"
#include "kale/train/data/layout.h"

namespace kale {

struct Student {
  std::unique_ptr<Llava> network;
  StudentTokenizer words;
  std::shared_ptr<const Tokenizer> tokenizer;
  PictureConfig picture;
  bool has_learnt = false;  // weights were read; else it begins at random

  const LlavaConfig& config() const { return network->llava_config(); }
  Layout layout() const;
};

// A folder of a LLaVA network: config.json and tokenizer.json; without weights the network begins
// at random, by `seed`; without a seed it must have them. Without preprocessor_config.json pictures
// are prepared as LLaVA-1.5 does.
Result<Student> load_student(Disk& disk, const std::filesystem::path& folder,
                             std::optional<std::uint64_t> seed);

// Of the tower of a CLIP or SigLIP folder and the decoder of a Llama or Qwen2 one; the projector
// between them begins at random. The decoder's vocabulary gets the image token.
Result<Student> join_student(Disk& disk, const std::filesystem::path& vision,
                             const std::filesystem::path& text, std::uint64_t seed);

// Makes it see pictures of `side` px, padded to squares: its position embeddings are resized to
// them. 0: as it does.
Status see_at(Student& student, std::int64_t side);

// What transformers loads (kale/student/companions.h).
// `new_tokens_max`: of a caption, in generation_config.json.
Status save_student(Disk& disk, const std::filesystem::path& folder, Student& student,
                    std::int64_t new_tokens_max);

}  // namespace kale
