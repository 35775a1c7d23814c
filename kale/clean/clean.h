// Takes leaked prompt sentences out of the fused caption and settles what the row's caption is.
// Paper    BLIP3-KALE, stage 1 (docs/paper_map.md)
// Rows     reads caption_fused, alt_text, and caption_dense where the recipe has it; writes
//          caption, cleaned_by, sentences_removed; where nothing is left it retries the step that
//          wrote caption_fused, then takes the dense caption; drops kNothingLeft, kRefused,
//          kRepetition, kEmptyReply where that fails as well
// Errors   kNotFound, kIo, kBadConfig when the word list cannot be used
// Threads  apply() is safe from many threads
#pragma once

#include <memory>
#include <string>

#include "kale/clean/artifacts.h"
#include "kale/core/build.h"
#include "kale/core/options.h"
#include "kale/core/step.h"

namespace kale {

struct CleanOptions {
  std::string artifact_words;  // a path; empty for kale/clean/artifact_words.txt

  void visit(OptionVisitor& visitor) {
    visitor.field({.name = "artifact_words",
                   .help = "file of leaked words, one a line; empty for the built-in list",
                   .affects = Affects::kSpeedOnly},
                  artifact_words);
  }
};

class Clean : public Step {
 public:
  // What stands before it in the recipe.
  struct Place {
    std::string_view writer;  // the step that wrote caption_fused; empty where the source did
    bool has_dense = true;    // caption_dense is filled
  };
  Clean(std::string word_list, Place place);
  StepTraits traits() const override;
  Task<Outcome> apply(Row& row, Context& ctx) override;

 private:
  std::string word_list_;
  Place place_;
  ArtifactWords words_;
};

Result<std::unique_ptr<Step>> make_clean(CleanOptions options, const BuildContext& build);

}  // namespace kale
