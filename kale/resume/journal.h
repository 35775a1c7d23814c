// A memo at the engine door: every answer from outside, written before its row goes on. A resumed
// row runs again from the top and finds its answers here, so steps hold no resume code. One file
// per shard generation, removed after commit.
// Errors   kIo from the disk; damaged bytes are never an error: reading stops there
// Threads  find(), record() and sync() are safe from many threads
// Format   "kale journal 1\n", then frames: u32 payload bytes, u64 xxh3-64 of the payload,
//          payload (docs/formats.md)
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "kale/core/engine.h"
#include "kale/io/disk.h"
#include "kale/resume/fingerprint.h"

namespace kale {

// Which question this is: the n-th call of one step for one row, and what was asked of whom. 32 hex
// digits. `step` is the step as fingerprinted: an engine's options are in its print and not in the
// prompt, so that answers from before such a change are no answers to it.
std::string memo_key(std::string_view row_key, const StepPrint& step, int call,
                     const Engine& engine, const Prompt& prompt, const Decoding& decoding);

class Journal {
 public:
  // Loads what is there. Nothing is created on disk before the first record().
  static Result<std::unique_ptr<Journal>> open(Disk& disk, const std::filesystem::path& path);

  std::optional<Reply> find(const std::string& key) const;
  Status record(const std::string& key,
                const Reply& reply);  // handed to the system when it returns
  Status sync();                      // on the disk when it returns
  Status remove();                    // the shard is committed
  std::size_t answers() const;

 private:
  Journal(Disk& disk, std::filesystem::path path) : disk_(disk), path_(std::move(path)) {}
  Status load();
  Status open_for_append();

  Disk& disk_;
  std::filesystem::path path_;
  mutable std::mutex mutex_;
  std::unordered_map<std::string, std::string> replies_;  // key -> encoded reply
  std::unique_ptr<WritableFile> file_;
  std::string valid_;  // the undamaged prefix, kept only while a damaged tail must be cut off
  bool must_rewrite_ = true;
  bool dirty_ = false;
};

}  // namespace kale
