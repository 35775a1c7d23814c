// Captions in one pass: picture and alt-text -> knowledge-augmented caption.
// Paper    BLIP3-KALE, stage 2: the distilled student (docs/paper_map.md)
// Rows     reads alt_text (may be empty), pixels; writes caption_fused, fused_by ("student"),
//          facts_kept, facts_invented (beyond the alt-text: there is no dense caption); drops
//          kRefused, kEmptyReply, kRepetition, kPromptEcho where no round gave a caption
// Errors   kBadConfig for an engine that sees no pictures, or a prompt with an unknown slot
// Threads  apply() is safe from many threads
// Units    the alt-text in characters, replies in engine tokens; one picture and one reply a round
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "kale/core/build.h"
#include "kale/core/options.h"
#include "kale/core/step.h"

namespace kale {

struct CaptionOptions {
  std::string engine = "llm";
  // What stands around it (the picture before, a line's end behind) is the model's chat template's.
  std::string prompt = "{alt_text}";
  std::int64_t alt_text_chars_max = 1000;
  std::int64_t new_tokens_max = 300;
  double temperature = 0;
  double retry_temperature = 0.7;
  std::int64_t rounds = 2;

  void visit(OptionVisitor& v);
};

Result<std::unique_ptr<Step>> make_caption(CaptionOptions options, const BuildContext& build);

}  // namespace kale
