// A student: the network, and the files beside it that make a folder which others load.
// Errors   those of kale/networks/checkpoint.h and kale/tokens/tokenizer.h; kBadConfig where network
//          and tokenizer do not fit, naming both
// Threads  belongs to one thread, but layout().encode
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "kale/io/disk.h"
#include "kale/networks/llava.h"
#include "kale/networks/picture.h"
#include "kale/tokens/tokenizer.h"
#include "kale/train/data/layout.h"

namespace kale {

struct Student {
  std::unique_ptr<Llava> network;
  std::shared_ptr<const Tokenizer> tokenizer;
  PictureConfig picture;
  std::map<std::string, std::string> companions;  // files by name: tokenizer.json and others
  bool has_learnt = false;                        // the folder held weights

  const LlavaConfig& config() const { return config_; }
  Layout layout() const;

  LlavaConfig config_;
};

// Of a folder without weights the network begins at random, by `seed`.
Result<Student> load_student(Disk& disk, const std::filesystem::path& folder, std::uint64_t seed);

// A student that sees pictures of `side` px: its position embeddings are resized to them.
Status see_at(Student& student, std::int64_t side);

// The network and its companions.
Status save_student(Disk& disk, const std::filesystem::path& folder, Student& student);

}  // namespace kale
