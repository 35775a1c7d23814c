#include "kale/run/row_context.h"

#include <chrono>

#include "kale/io/digest.h"

namespace kale {
namespace {

std::int64_t now_ns() { return std::chrono::steady_clock::now().time_since_epoch().count(); }

void count_tokens(StepCounters& counters, const Reply& reply) {
  counters.prompt_tokens += reply.prompt_tokens;
  for (const Choice& choice : reply.choices) counters.new_tokens += choice.new_tokens;
}

}  // namespace

std::uint64_t RowContext::mixed_seed(int call) const {
  Digest digest;
  digest.add(static_cast<std::int64_t>(seed_)).add(row_key_).add(counters_.steps[step_].name);
  return digest.add(attempt_).add(call).low64();
}

Task<Result<Reply>> RowContext::ask(Engine& engine, Prompt prompt, Decoding decoding) {
  int call = calls_[step_]++;
  decoding.seed = mixed_seed(call);
  std::string key = memo_key(row_key_, prints_[step_ + 1], call, engine, prompt, decoding);
  if (auto recalled = journal_.find(key)) {
    ++counters().recalled;
    co_return std::move(*recalled);
  }
  ++counters().requests;
  ++counters().waiting;
  std::int64_t asked_ns = now_ns();
  auto reply = co_await engine.generate(std::move(prompt), std::move(decoding));
  counters().waited_ns += now_ns() - asked_ns;
  --counters().waiting;
  if (!reply) co_return std::move(reply).error();
  count_tokens(counters(), *reply);
  Status recorded = journal_.record(key, *reply);
  if (!recorded) {
    world_error_ = recorded.error();
    world_error_->message = "the journal cannot be written: " + world_error_->message;
    co_return *world_error_;
  }
  co_return std::move(*reply);
}

}  // namespace kale
