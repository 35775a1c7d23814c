// Asks an engine many things at once and waits for all answers, on the calling thread. For tests,
// the bench and command-line tools; a run asks from its own rows.
#pragma once

#include <utility>
#include <vector>

#include "kale/core/engine.h"
#include "kale/core/executor_fake.h"

namespace kale::llama {

struct Question {
  Prompt prompt;
  Decoding decoding;
};
using Answer = Result<Reply>;

namespace detail {

struct Round {
  Round(Executor& executor, std::size_t count) : left(count), all(executor) {
    answers.assign(count, Answer(Reply{}));
  }
  std::vector<Answer> answers;
  std::size_t left;
  Completion<bool> all;
};

inline Task<void> ask_one(Engine& engine, Question question, Round& round, std::size_t index) {
  auto answer = co_await engine.generate(std::move(question.prompt), std::move(question.decoding));
  round.answers[index] = std::move(answer);
  if (--round.left == 0) round.all.set(true);
}

inline Task<bool> wait_for(Completion<bool>& all) {
  bool done = co_await all;
  co_return done;
}

}  // namespace detail

inline std::vector<Answer> ask_all(FakeExecutor& executor, Engine& engine,
                                   std::vector<Question> questions) {
  if (questions.empty()) return {};
  detail::Round round(executor, questions.size());
  for (std::size_t i = 0; i < questions.size(); ++i)
    spawn(detail::ask_one(engine, std::move(questions[i]), round, i), executor);
  executor.run(detail::wait_for(round.all));
  return std::move(round.answers);
}

}  // namespace kale::llama
