// An engine for tests, dry runs and resume proofs: scripted replies, delays, failures, and a log
// that survives a SIGKILL. It can stand for a language model, a classifier or an OCR program.
//
// Rows     text: a sentence of words picked by a hash of (messages, images, seed, candidate);
//          classifier, ocr: the JSON such engines answer with, picked by a hash of the images
// Errors   kBadConfig for a script that does not parse, kIo when the log cannot be written;
//          kCancelled once stopped; whatever the script says
// Threads  generate() is safe from many threads; waiting is done by one timer thread
//
// The script is YAML: a list of rules. The first rule that matches a request answers it; a request
// that no rule matches gets the reply by hash at once.
//
//   - match: "penguin"            # a part of the last user message; or
//     regex: "a (red|green) ball" # an RE2 expression found in it; neither: every request
//     reply: "A \\1 ball."        # absent: by hash. \0 to \9 are the groups of `regex`.
//     # reply: ["first candidate", "second candidate"]   the last one serves further candidates
//     finish: length              # stop (default), length or repetition
//     delay_ms: 20                # or [5, 40]: picked in this range by the request's hash
//     fail: kTimeout              # answer with this error instead of a reply
//     times: 2                    # the rule holds for so many requests of this process, then never
//
// With `times`, which requests meet the rule depends on the order in which they arrive; leave it
// out where the same bytes are wanted from every run.
#pragma once

#include <memory>
#include <string>

#include "kale/core/build.h"
#include "kale/core/options.h"

namespace kale {

struct FakeOptions {
  std::string id = "fake";
  std::string stands_for = "text";
  std::string script;
  std::string log;
  std::int64_t delay_ms = 0;
  std::int64_t in_flight_max = 64;

  void visit(OptionVisitor& v) {
    v.field({.name = "id", .help = "name that provenance shows"}, id);
    v.field({.name = "stands_for",
             .help = "what it answers like",
             .choices = {"text", "classifier", "ocr"}},
            stands_for);
    v.field({.name = "script",
             .help = "YAML file of rules (format: kale/engines/fake/fake.h); empty for none",
             .affects = Affects::kSpeedOnly},
            script);
    v.field({.name = "log",
             .help = "file that gets one line per request served; empty for none",
             .affects = Affects::kSpeedOnly},
            log);
    v.field({.name = "delay_ms",
             .help = "time a request takes where no rule says otherwise",
             .affects = Affects::kSpeedOnly,
             .min = 0,
             .max = 600'000},
            delay_ms);
    v.field({.name = "in_flight_max",
             .help = "requests served at once; further ones wait their turn",
             .affects = Affects::kSpeedOnly,
             .min = 1,
             .max = 1'000'000},
            in_flight_max);
  }
};

Result<std::unique_ptr<Engine>> make_fake(FakeOptions options, const BuildContext& build);

}  // namespace kale
