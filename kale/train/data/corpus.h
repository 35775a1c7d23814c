// What a student learns from: pictures with alt-text and caption, out of what a run published (or a
// world, or any table or tar), in blocks that are read in any order.
// Errors   kNotFound, kBadConfig naming path, column and cure; kIo from the disk. A row that cannot
//          be used is counted, with the first reason
// Threads  read() belongs to one thread at a time; the rest is constant
// Units    a block is some rows that follow each other in one file
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "kale/core/executor.h"
#include "kale/core/options.h"
#include "kale/core/source.h"
#include "kale/io/parquet/extras_json.h"

namespace kale {

struct CorpusOptions {
  std::string path;
  std::string caption_column = "caption";
  std::vector<std::string> alt_text_columns = {"alt_text"};
  std::string truth_column = "truth";
  std::string images_root;
  std::int64_t rows_max = 0;
};

struct Pair {
  std::string key;
  std::string alt_text;  // may be empty
  std::string caption;
  std::string truth;  // JSON of a world's scene; empty where there is none
  std::shared_ptr<const std::string> image_bytes;
};

struct Block {
  std::vector<Pair> pairs;
  std::int64_t unusable = 0;
  std::string first_reason;  // "path: why", of the first unusable row
};

class Corpus {
 public:
  // Lists the files, and counts what is in tars and text tables.
  static Result<std::unique_ptr<Corpus>> open(const CorpusOptions& options,
                                              const std::filesystem::path& folder);

  std::int64_t rows() const { return rows_; }
  const std::vector<Slice>& blocks() const { return blocks_; }
  Result<Block> read(std::size_t block);
  // Names, sizes and counts of the files: another one means other data.
  std::string digest() const { return digest_; }

 private:
  Corpus(CorpusOptions options, std::unique_ptr<Executor> executor)
      : options_(std::move(options)),
        executor_(std::move(executor)),
        extras_({options_.caption_column, options_.truth_column}) {}
  Status make_source(const std::filesystem::path& folder);
  Status cut_blocks();
  // The row as a pair, or why it is none.
  Result<Pair> pair_of(SourceRow row);
  std::string text_of(const Row& row, std::size_t column);

  CorpusOptions options_;
  std::unique_ptr<Executor> executor_;  // sources ask for one and post nothing to it
  std::unique_ptr<Source> source_;
  ExtrasJson extras_;  // caption and truth
  std::vector<Slice> blocks_;
  std::int64_t rows_ = 0;
  std::string digest_;
};

}  // namespace kale
