#include "kale/engines/llama/llama.h"

// What the weights and the template hold is in the model digest, so their paths affect no captions;
// so is how many tokens a picture may take, which changes nothing for text alone.
namespace kale {
namespace {

void visit_pictures(LlamaOptions& options, OptionVisitor& v) {
  v.field({.name = "mmproj",
           .help = "GGUF file with the projector that was made with the model, which then sees "
                   "pictures; empty for text alone",
           .affects = Affects::kSpeedOnly},
          options.mmproj);
  v.field({.name = "image_tokens_min",
           .help = "fewest tokens of a picture, where the projector takes any resolution "
                   "(Qwen-VL, ...); 0 for what it says itself",
           .affects = Affects::kSpeedOnly,
           .min = 0,
           .max = 1 << 16},
          options.image_tokens_min);
  v.field({.name = "image_tokens_max",
           .help = "most tokens of a picture, likewise",
           .affects = Affects::kSpeedOnly,
           .min = 0,
           .max = 1 << 16},
          options.image_tokens_max);
  v.field({.name = "encoder_threads",
           .help = "of these, threads that encode pictures; 0 for a quarter, at least one",
           .affects = Affects::kSpeedOnly,
           .min = 0,
           .max = 1024},
          options.encoder_threads);
}

}  // namespace

void LlamaOptions::visit(OptionVisitor& v) {
  v.field({.name = "model", .help = "GGUF file", .affects = Affects::kSpeedOnly}, model);
  visit_pictures(*this, v);
  v.field(
      {.name = "chat_template",
       .help = "instead of the model's own: a name llama.cpp knows (chatml, llama3, ...), plain "
               "(a line's end behind the text, no markup) or a file that holds a template; "
               "empty for the model's",
       .affects = Affects::kSpeedOnly},
      chat_template);
  v.field({.name = "context_tokens",
           .help = "longest prompt and reply together, in tokens",
           .min = 64,
           .max = 1 << 20},
          context_tokens);
  v.field({.name = "cache_tokens",
           .help = "tokens that the KV caches hold for all that is in flight; 0 for "
                   "context_tokens a worker, and 384 and a usual picture a sequence",
           .affects = Affects::kSpeedOnly,
           .min = 0,
           .max = 1 << 24},
          cache_tokens);
  v.field({.name = "sequences",
           .help = "replies written at once; one a worker is slow and reproducible",
           .affects = Affects::kSpeedOnly,
           .min = 1,
           .max = 1024},
          sequences);
  v.field({.name = "workers",
           .help = "contexts that decode beside each other; 0 for one a core where the weights are "
                   "under 512 MiB, else one",
           .affects = Affects::kSpeedOnly,
           .min = 0,
           .max = 256},
          workers);
  v.field({.name = "threads",
           .help = "threads of workers and encoder together; 0 for the cores of the process",
           .affects = Affects::kSpeedOnly,
           .min = 0,
           .max = 1024},
          threads);
  v.field({.name = "gpu_layers",
           .help = "layers kept on a GPU, where llama.cpp was built for one; -1 for all. With any, "
                   "the projector is there too",
           .affects = Affects::kSpeedOnly,
           .min = -1,
           .max = 10'000},
          gpu_layers);
  v.field({.name = "new_tokens_max",
           .help = "longest reply whatever a step asks for, in tokens",
           .min = 1,
           .max = 1 << 20},
          new_tokens_max);
  v.field({.name = "loop_tokens_max",
           .help = "a reply that repeats up to so many tokens again and again is ended; 0 is off",
           .min = 0,
           .max = 256},
          loop_tokens_max);
  v.field({.name = "loop_times",
           .help = "how often the same tokens must stand in a row to be a loop",
           .min = 2,
           .max = 100},
          loop_times);
}

}  // namespace kale
