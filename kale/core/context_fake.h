// A context for step tests: asks the engine directly, with no memo.
#pragma once

#include <utility>

#include "kale/core/context.h"

namespace kale {

struct FakeContext : Context {
  Task<Result<Reply>> ask(Engine& engine, Prompt prompt, Decoding decoding) override {
    decoding.seed = rng().next();
    auto reply = co_await engine.generate(std::move(prompt), std::move(decoding));
    co_return reply;
  }
  Rng rng() const override { return Rng(seed + static_cast<std::uint64_t>(attempt_number)); }
  int attempt() const override { return attempt_number; }
  bool last_attempt() const override { return is_last_attempt; }
  const StopToken& stop() const override { return token; }

  std::uint64_t seed = 1;
  int attempt_number = 0;
  bool is_last_attempt = false;
  StopToken token;
};

}  // namespace kale
