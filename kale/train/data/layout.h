// How a pair becomes tokens: `<image>` as often as the picture has rows, the alt-text and a
// newline, then the caption and the end. Only the caption and the end are learnt.
// Paper    BLIP3-KALE section 3.2: patches and original caption in, stage-1 caption out; LLaVA's
//          `plain` layout with the alt-text in the masked prefix
// Threads  plain values and free functions
// Units    tokens
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "kale/core/options.h"

namespace kale {

// What the student's tokenizer and tower say.
struct Layout {
  std::int64_t image_token = 0;
  std::int64_t image_tokens = 0;  // rows of one picture
  std::int64_t begin_token = -1;  // -1: none
  std::int64_t end_token = 0;
  std::function<std::vector<std::int64_t>(std::string_view)> encode;  // safe from many threads
};

struct LayoutOptions {
  std::int64_t alt_text_chars_max = 1000;  // as in kale/caption
  std::int64_t caption_tokens_max = 256;
  double alt_text_dropout = 0.1;

  void visit(OptionVisitor& v) {
    v.field({.name = "alt_text_chars_max",
             .help = "longest alt-text, in characters, as the step caption has it; what is longer "
                     "is cut",
             .min = 0,
             .max = 100000},
            alt_text_chars_max);
    v.field({.name = "caption_tokens_max",
             .help = "longest caption, in tokens; of what is longer the end is not learnt",
             .min = 1,
             .max = 8192},
            caption_tokens_max);
    v.field(
        {.name = "alt_text_dropout",
         .help = "share of pairs that are learnt without their alt-text, drawn anew each epoch, "
                 "so that the student looks at the picture too",
         .min = 0,
         .max = 1},
        alt_text_dropout);
  }
};

struct Example {
  std::vector<std::int64_t> tokens;
  std::int64_t prompt = 0;  // how many of them stand before the caption
};

// The prompt alone, as a reply is asked for.
std::vector<std::int64_t> prompt_tokens(const Layout& layout, const LayoutOptions& options,
                                        std::string_view alt_text);

Example lay_out(const Layout& layout, const LayoutOptions& options, std::string_view alt_text,
                std::string_view caption);

}  // namespace kale
