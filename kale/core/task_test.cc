#include "kale/core/task.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <thread>

#include "kale/core/executor_fake.h"

namespace kale {
namespace {

Task<int> answer() { co_return 42; }

Task<std::string> sum_of(int times) {
  int sum = 0;
  for (int i = 0; i < times; ++i) {
    int value = co_await answer();
    sum += value;
  }
  co_return std::to_string(sum);
}

Task<int> throws() {
  throw std::runtime_error("broken");
  co_return 1;
}

Task<bool> catches() {
  bool caught = false;
  try {
    int value = co_await throws();
    (void)value;
  } catch (const std::runtime_error&) {
    caught = true;
  }
  co_return caught;
}

Task<int> waits_for_thread(Executor& executor, std::thread& thread) {
  Completion<int> done(executor);
  thread = std::thread([&done] { done.set(7); });
  int value = co_await done;
  co_return value;
}

TEST(Task, AwaitsChildrenInOrder) {
  FakeExecutor executor;
  EXPECT_EQ(executor.run(sum_of(10000)), "420000");
}

TEST(Task, RethrowsWhereItIsAwaited) {
  FakeExecutor executor;
  EXPECT_TRUE(executor.run(catches()));
}

TEST(Completion, HandsAValueFromAnotherThread) {
  for (int i = 0; i < 200; ++i) {
    FakeExecutor executor;
    std::thread thread;
    EXPECT_EQ(executor.run(waits_for_thread(executor, thread)), 7);
    thread.join();
  }
}

}  // namespace
}  // namespace kale
