#include "kale/engines/llama/queue.h"

#include <gtest/gtest.h>

#include <thread>

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

Request seen(Token number) {
  Request request = numbered(number);
  request.prompt.pictures.emplace_back();
  return request;
}

TEST(Queue, WhatIsNotSeenYetGoesToTheEncoderFirst) {
  Queue queue(1);
  for (Token i = 0; i < 3; ++i) ASSERT_TRUE(queue.push_unseen(numbered(i)));
  EXPECT_FALSE(queue.take(0, 1, yes));
  auto taken = queue.take_unseen(2);
  ASSERT_EQ(taken.size(), 2u);
  EXPECT_EQ(taken[1].prompt.tokens[0], 1);
  EXPECT_EQ(queue.take_unseen(2).size(), 1u);
  ASSERT_TRUE(queue.push(seen(1)));
  EXPECT_EQ(queue.take(0, 0, yes)->prompt.tokens[0], 1);
}

TEST(Queue, TheEncoderGoesOnOnceAWorkerTakesWhatIsSeen) {
  Queue queue(1);
  for (std::size_t i = 0; i < kSeenMax; ++i) ASSERT_TRUE(queue.push(seen(1)));
  ASSERT_TRUE(queue.push_unseen(numbered(2)));
  std::thread encoder([&] {  // if it did not wait, a request more than kSeenMax would be seen
    for (Request& request : queue.take_unseen(1)) {
      EXPECT_LT(queue.seen(), kSeenMax);
      EXPECT_TRUE(queue.push(seen(request.prompt.tokens[0])));
    }
  });
  for (std::size_t i = 0; i < kSeenMax; ++i) EXPECT_EQ(queue.take(0, 0, yes)->prompt.tokens[0], 1);
  EXPECT_EQ(queue.take(0, 0, yes)->prompt.tokens[0], 2);  // waits for the encoder
  encoder.join();
}

TEST(Queue, CloseAnswersWhoeverWaitsForTheEncoderAndEndsIt) {
  FakeExecutor executor;
  Completion<Result<Reply>> done(executor);
  Queue queue(1);
  Request request = numbered(1);
  request.done = &done;
  ASSERT_TRUE(queue.push_unseen(std::move(request)));
  queue.close({Code::kCancelled, "stopping"});
  auto answer = executor.run(wait_for(done));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, Code::kCancelled);
  EXPECT_TRUE(queue.take_unseen(1).empty());
  EXPECT_FALSE(queue.push_unseen(numbered(2)));
}

}  // namespace
}  // namespace kale::llama
