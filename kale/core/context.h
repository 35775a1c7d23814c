// What a step may use beside its row. Made by the runner for each row and attempt.
#pragma once

#include "kale/core/engine.h"
#include "kale/core/rng.h"
#include "kale/core/stop.h"

namespace kale {

class Context {
 public:
  virtual ~Context() = default;

  // Asks through the memo: an answer that was journalled before a crash is not asked for again.
  // Sets decoding.seed.
  virtual Task<Result<Reply>> ask(Engine& engine, Prompt prompt, Decoding decoding) = 0;

  // Depends on (recipe seed, row id, step, attempt) only.
  virtual Rng rng() const = 0;
  virtual int attempt() const = 0;        // 0 the first time a row is here
  virtual bool last_attempt() const = 0;  // a Retry from here would fail the row
  virtual const StopToken& stop() const = 0;
};

}  // namespace kale
