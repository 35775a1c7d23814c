// Describes a picture in two to five sentences. Where no VLM is at hand, a language model writes up
// the facts that see and read measured; a candidate that says more than was measured, or says it
// more surely, is not taken, and where none passes the facts are put into fixed wording instead.
// Paper    Socratic Models, arXiv 2204.00598 (source: facts); BLIP3-KALE, stage 1 (source: vlm),
//          stage 2 without its alt-text (source: student)
// Rows     source facts: reads facts, ocr_text; others: read pixels, or url where `image` says
//          so, drops kRefused, kEmptyReply, kRepetition, kPromptEcho, kNoImage; all write
//          caption_dense, described_by ("facts", "template", "vlm", "student"). The alt-text is
//          never read: a dense caption is what the pixels alone tell.
// Errors   kBadConfig for a prompt of another form, or an engine that sees no images or fetches no
//          URLs (vlm, student), a student with a prompt; kCorrupt fails a row whose facts are none
// Threads  apply() is safe from many threads
// Units    lengths in engine tokens; a row costs its own ~60 prompt tokens and `candidates` replies
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "kale/core/build.h"
#include "kale/core/options.h"
#include "kale/core/step.h"

namespace kale {

struct DescribeOptions {
  std::string engine = "llm";
  std::string source = "facts";
  std::string image = "pixels";
  std::int64_t candidates = 3;
  double temperature = 0.5;
  std::int64_t new_tokens_max = 110;
  double sure = 0.7;
  double unsure = 0.35;
  std::string prompt;
  std::string wording;

  void visit(OptionVisitor& v);
};

Result<std::unique_ptr<Step>> make_describe(DescribeOptions options, const BuildContext& build);

}  // namespace kale
