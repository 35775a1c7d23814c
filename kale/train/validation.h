// How well a student does on pairs it never learns from: its loss, and captions that it writes,
// measured against their truth where it is known (kale/evaluate).
// Errors   the corpus' own; kLimit when the device's memory runs out
// Threads  belongs to one thread
// Limits   all pairs of the validation are in memory
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "kale/train/data/corpus.h"
#include "kale/train/data/pictures.h"
#include "kale/train/learner.h"
#include "kale/train/student.h"
#include "kale/world/scene/scene.h"

namespace kale {

struct ValidationOptions {
  std::int64_t captions = 64;  // written and measured
  std::int64_t rows_at_once = 16;
  std::int64_t threads = 0;  // that measure; 0: all cores
  LayoutOptions layout;
  Computing computing;
};

struct Validated {
  std::vector<std::pair<std::string, double>> measures;  // "loss", "facts_told" and others
  std::string samples;                                   // Markdown: alt-texts and captions
};

class Validation {
 public:
  // Reads all pairs of the corpus.
  static Result<Validation> make(Corpus& corpus, Pictures pictures, ValidationOptions options);
  Result<Validated> run(const Student& student) const;
  std::int64_t left_out() const { return left_out_; }  // rows that are no pair, or of a bad truth
  const std::string& first_left_out() const { return first_left_out_; }

 private:
  Validation(Pictures pictures, ValidationOptions options)
      : pictures_(std::move(pictures)), options_(std::move(options)) {}
  Status add(Pair pair);
  void leave_out(const std::string& why, std::int64_t rows = 1);
  double loss(const Student& student) const;
  std::vector<std::string> captions(const Student& student) const;

  Pictures pictures_;
  ValidationOptions options_;
  std::vector<Pair> pairs_;
  std::vector<std::vector<float>> planes_;                   // of the pairs
  std::vector<std::shared_ptr<const world::Scene>> truths_;  // of the pairs; null where not known
  std::int64_t left_out_ = 0;
  std::string first_left_out_;
};

// Captions for pairs whose pictures are ready: greedy, all at once.
std::vector<std::string> write_captions(const Student& student, const LayoutOptions& layout,
                                        const std::vector<std::string>& alt_texts,
                                        const std::vector<float>& pixels,
                                        const Computing& computing);

}  // namespace kale
