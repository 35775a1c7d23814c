// The page of YAML that says how a student is trained.
// Errors   kBadConfig naming file, key and cure; kNotFound for the file
// Threads  plain values
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "kale/core/options.h"
#include "kale/core/result.h"
#include "kale/train/data/corpus.h"
#include "kale/train/data/layout.h"

namespace kale {

struct StudentOptions {
  std::string from;
  std::string vision;
  std::string text;
  std::int64_t image_side = 0;

  void visit(OptionVisitor& v);
};

struct DataOptions {
  CorpusOptions train;
  CorpusOptions validation;  // of the same columns
  LayoutOptions layout;

  void visit(OptionVisitor& v);
};

struct LoopOptions {
  std::int64_t step_rows = 64;
  std::int64_t rows_at_once = 16;
  std::int64_t shuffle_rows = 4096;
  std::int64_t threads = 0;
  std::int64_t decode_threads = 1;
  std::string device = "auto";
  std::string precision = "f32";
  bool recompute = false;
  std::int64_t checkpoint_steps = 200;
  std::int64_t checkpoints_kept = 2;
  std::int64_t validation_steps = 200;
  std::int64_t validation_captions = 64;

  void visit(OptionVisitor& v);
};

// What a stage may let learn, and how the names of its tensors begin.
struct StudentPart {
  std::string_view name;
  std::string_view prefix;
};
inline constexpr std::array<StudentPart, 3> kStudentParts = {{
    {"vision", "vision_tower."},
    {"projector", "multi_modal_projector."},
    {"text", "language_model."},
}};

// A stretch of training with its own learning parts and its own optimiser.
struct Stage {
  std::string name;
  std::vector<std::string> learns = {"projector", "text"};
  std::int64_t steps = 0;
  double epochs = 0;
  double rate = 1e-3;
  double rate_end_share = 0;
  double warmup_share = 0.03;
  double decay = 0;
  double beta2 = 0.999;
  double clip_norm = 1;

  void visit(OptionVisitor& v);
};

struct TrainRecipe {
  std::uint64_t seed = 1;
  std::filesystem::path folder;  // where relative paths in it start
  StudentOptions student;
  DataOptions data;
  LoopOptions loop;
  std::vector<Stage> stages;
  std::string fingerprint;  // of all that decides what is learnt
};

// `sets` are "section.option=value", the last one wins.
Result<TrainRecipe> parse_train_recipe(const std::string& text, const std::filesystem::path& file,
                                       const std::vector<std::string>& sets);
Result<TrainRecipe> load_train_recipe(const std::filesystem::path& file,
                                      const std::vector<std::string>& sets);

}  // namespace kale
