// Reads the text in a picture with tesseract. An engine: prompt.images[0] in, JSON out:
// {"words": [{"text": "STOP", "box": [x, y, w, h], "confidence": 0.93}]}, in reading order, every
// word it believes to see; choosing among them is for the step `read`.
// Errors   kBadConfig when the language data is missing; kCancelled after stop()
// Threads  one recogniser for each call in flight, made when first needed; each uses one thread
// Units    boxes are parts of the picture, 0 to 1; confidence 0 to 1
#pragma once

#include <memory>
#include <string>

#include "kale/core/build.h"
#include "kale/core/options.h"

namespace kale {

struct TesseractOptions {
  std::string language = "eng";
  std::string data;
  std::int64_t side_px_min = 640;

  void visit(OptionVisitor& v) {
    v.field({.name = "language", .help = "language data to read with, for example eng or eng+deu"},
            language);
    v.field({.name = "data",
             .help = "folder of the .traineddata files; empty for the system's own",
             .affects = Affects::kSpeedOnly},
            data);
    v.field({.name = "side_px_min",
             .help = "smaller pictures are enlarged until the long side has this, in pixels",
             .min = 0,
             .max = 4096},
            side_px_min);
  }
};

Result<std::unique_ptr<Engine>> make_tesseract(TesseractOptions options, const BuildContext& build);

}  // namespace kale
