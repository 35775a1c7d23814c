// Reads what is written in the picture.
// Rows     reads pixels; writes ocr_text, ocr_words, text_density
// Errors   kBadConfig when no engine has the name; the OCR engine's own are passed on
// Threads  apply() is safe from many threads
// Units    confidence 0 to 1; text_density is a share of the picture's area, 0 to 1
#pragma once

#include <memory>
#include <string>

#include "kale/core/build.h"
#include "kale/core/options.h"
#include "kale/core/step.h"

namespace kale {

struct ReadOptions {
  std::string engine = "ocr";
  double confidence_min = 0.58;
  double short_confidence_min = 0.95;
  double height_min = 0.02;

  void visit(OptionVisitor& v) {
    v.field({.name = "engine", .help = "the OCR program: a name under `engines:`"}, engine);
    v.field({.name = "confidence_min", .help = "words below this are not kept", .min = 0, .max = 1},
            confidence_min);
    v.field({.name = "short_confidence_min",
             .help = "the same for words of two or three letters or digits",
             .min = 0,
             .max = 1},
            short_confidence_min);
    v.field({.name = "height_min",
             .help = "lowest word worth reading, as a part of the picture's height",
             .min = 0,
             .max = 1},
            height_min);
  }
};

Result<std::unique_ptr<Step>> make_read(ReadOptions options, const BuildContext& build);

}  // namespace kale
