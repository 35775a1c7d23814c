// Fuses a dense caption with its alt-text into one knowledge-augmented caption.
// Paper    BLIP3-KALE, stage 1; prompt form after CapsFusion (docs/paper_map.md)
// Rows     reads alt_text, caption_dense; writes caption_fused, fused_by, facts_kept,
//          facts_invented; drops kEmptyReply where there is no dense caption
// Errors   kEngineGone, kCancelled and kLimit of the engine; kBadConfig for a prompt or list
// Threads  apply() is safe from many threads; the engine does its own locking
// Units    lengths in words and in engine tokens; cost one prefill and `candidates` replies a row
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "kale/core/build.h"
#include "kale/core/options.h"
#include "kale/core/step.h"
#include "kale/fuse/compose.h"
#include "kale/fuse/frame.h"
#include "kale/fuse/prompt.h"
#include "kale/fuse/score.h"
#include "kale/text/alt_text.h"

namespace kale {

struct FuseOptions {
  std::string engine = "llm";
  std::string prompt = "few_shot";
  std::string web_prompt = "web";
  bool names = true;
  std::int64_t candidates = 3;
  double temperature = 0.5;
  double top_p = 0.95;
  double retry_temperature = 0.9;
  std::int64_t rounds = 2;
  std::int64_t new_tokens_max = 96;
  std::int64_t alt_text_words_max = 60;
  double facts_share_min = 0.5;
  double dense_share_min = 0.6;
  double novel_share_max = 0.25;

  void visit(OptionVisitor& visitor);
};

class Fuse : public Step {
 public:
  struct Parts {
    FuseOptions options;
    FusePrompt prompt;
    std::optional<FusePrompt> web_prompt;  // none: web titles are put in by rule alone
    AltTextRules alt_text_rules;
    WebTextRules web_rules;
    std::set<std::string> common;  // stems of common_words.txt
    Scorer scorer;
    std::set<std::string> setting;   // stems of setting_words.txt and frame_words.txt
    std::vector<std::string> texts;  // prompt and lists, for the fingerprint
  };
  Fuse(Parts parts, Engine& engine) : parts_(std::move(parts)), engine_(engine) {}

  StepTraits traits() const override;
  Task<Outcome> apply(Row& row, Context& ctx) override;

 private:
  struct Fused {
    std::string caption;  // empty where no candidate passed
    std::string_view by;
  };
  Decoding decoding(int tries, bool first_sentence) const;
  Task<Result<Fused>> fuse_plain(AltText alt, DenseParts dense, Context& ctx);
  Task<Result<Fused>> fuse_web(std::string alt_text, std::string dense, Context& ctx);
  // The best candidate's first sentence or all of it, and its score; empty where none passes.
  // `goes_on`: it must be as true to both sources as what a rule makes of them.
  std::pair<std::string, Score> best(const Reply& reply, const AltText& alt,
                                     const DenseParts& dense, const FusePrompt& prompt,
                                     bool goes_on) const;

  Parts parts_;
  Engine& engine_;
};

Result<std::unique_ptr<Step>> make_fuse(FuseOptions options, const BuildContext& build);

}  // namespace kale
