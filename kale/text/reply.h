// What may be wrong with a language model's reply, whatever it was asked.
// Threads  free functions, safe
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kale/core/engine.h"
#include "kale/core/outcome.h"

namespace kale {

enum class ReplyFlaw {
  kNone,
  kEmpty,       // nothing but white space and marks
  kRefusal,     // a phrase of kale/text/refusals.txt
  kEcho,        // repeats its instructions
  kRepetition,  // loops
};
std::string_view reply_flaw_name(ReplyFlaw flaw);  // "refusal"

// `instructions`: the messages whose wording must not come back (never the row's own texts); an
// echo shares a run of eight words with one of them. `given`: the row's own text (alt-text), whose
// words are no refusal ("I'm sorry" on a card).
ReplyFlaw reply_flaw(std::string_view reply, const std::vector<std::string_view>& instructions,
                     std::string_view given = {});

// A phrase of kale/text/refusals.txt stands in the reply and not in `given`.
bool is_refusal(std::string_view reply, std::string_view given = {});

// How a row leaves for a flaw; kNone is a bug.
Drop drop_for(ReplyFlaw flaw);

// The reply as a caption: template tokens out, white space collapsed, quotes around the whole and
// lead-ins ("New Sentence:", "Caption:") off, and where it was cut at the token limit or looped
// (kLength, kRepetition) the torn last sentence gone. May be empty.
std::string tidy_reply(const Choice& choice);

// Chat-template tokens and media markers ("<|im_end|>", "[INST]", "<image>", "<__media__>") become
// blanks, so that text from the web cannot end its own turn.
std::string without_template_tokens(std::string_view text);

}  // namespace kale
