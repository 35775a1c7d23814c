#include "kale/engines/llama/queue.h"

#include <gtest/gtest.h>

#include "kale/core/executor_fake.h"

namespace kale::llama {
namespace {

bool yes(const Request&) { return true; }
bool no(const Request&) { return false; }

Request numbered(Token number) {
  Request request;
  request.prompt.tokens = {number};
  return request;
}

Task<Result<Reply>> wait_for(Completion<Result<Reply>>& done) {
  auto reply = co_await done;
  co_return reply;
}

TEST(Queue, FirstComeFirstServed) {
  Queue queue(1);
  ASSERT_TRUE(queue.push(numbered(1)));
  ASSERT_TRUE(queue.push(numbered(2)));
  EXPECT_EQ(queue.take(0, 0, yes)->prompt.tokens[0], 1);
  EXPECT_FALSE(queue.take(0, 1, no));
  EXPECT_EQ(queue.take(0, 1, yes)->prompt.tokens[0], 2);
  EXPECT_FALSE(queue.take(0, 1, yes));  // empty, and a busy worker does not wait
}

TEST(Queue, ARequestIsLeftToTheWorkerWithLessToDo) {
  Queue queue(2);
  for (Token i = 0; i < 3; ++i) ASSERT_TRUE(queue.push(numbered(i)));
  EXPECT_TRUE(queue.take(0, 0, yes));
  EXPECT_FALSE(queue.take(0, 1, yes));  // the other has none
  EXPECT_TRUE(queue.take(1, 0, yes));
  EXPECT_TRUE(queue.take(0, 1, yes));  // now they are even
}

TEST(Queue, CloseAnswersWhoeverWaitsAndLaterRequests) {
  FakeExecutor executor;
  Completion<Result<Reply>> done(executor);
  Queue queue(1);
  Request request = numbered(1);
  request.done = &done;
  ASSERT_TRUE(queue.push(std::move(request)));
  EXPECT_FALSE(queue.closed());
  queue.close({Code::kCancelled, "stopping"});
  queue.close({Code::kEngineGone, "too late to matter"});
  auto answer = executor.run(wait_for(done));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, Code::kCancelled);
  auto pushed = queue.push(numbered(2));
  ASSERT_FALSE(pushed);
  EXPECT_EQ(pushed.error().code, Code::kCancelled);
  EXPECT_FALSE(queue.take(0, 0, yes));  // a worker without work does not wait
}

}  // namespace
}  // namespace kale::llama
