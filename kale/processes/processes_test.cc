// Holds for any number of processes; ctest also starts it under mpirun, and says in KALE_PROCESSES
// how many there must be.
#include "kale/processes/processes.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <vector>

namespace kale {
namespace {

// A program joins once, so all tests share it.
Processes& all() {
  static const std::unique_ptr<Processes> processes = [] {
    auto joined = join_processes();
    KALE_CHECK(joined.has_value(), "the test was started with an MPI that it was built with");
    return std::move(joined).value();
  }();
  return *processes;
}

double sum_to(int count) { return count * (count + 1) / 2.0; }

TEST(Processes, AreAsManyAsWereStarted) {
  const char* wanted = std::getenv("KALE_PROCESSES");
  EXPECT_EQ(all().count(), wanted == nullptr ? 1 : std::stoi(wanted));
  EXPECT_LT(all().rank(), all().count());
  EXPECT_EQ(all().local_rank(), all().rank()) << "of one machine";
  // Every rank there is once: the sum of powers of two has each bit.
  EXPECT_EQ(all().sum(static_cast<double>(1 << all().rank())), (1 << all().count()) - 1);
}

TEST(Processes, SumsAreOverAll) {
  const auto mine = static_cast<float>(all().rank() + 1);
  std::vector<float> numbers(100'003);
  for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = mine * static_cast<float>(i % 7);
  all().sum(numbers);
  const auto total = static_cast<float>(sum_to(all().count()));
  for (std::size_t i = 0; i < numbers.size(); ++i)
    ASSERT_EQ(numbers[i], total * static_cast<float>(i % 7)) << i;
  EXPECT_EQ(all().sum(0.25 * mine), 0.25 * sum_to(all().count()));
  all().sum(std::span<float>());
}

TEST(Processes, TheFirstOnesBytesReachAll) {
  std::string bytes(70'001, static_cast<char>('a' + all().rank()));
  all().broadcast(bytes);
  EXPECT_EQ(bytes, std::string(70'001, 'a'));
}

// Each tells the others by a sum that it is there; a barrier alone shows nothing that a test sees.
TEST(Processes, ABarrierIsPassedByAll) {
  all().barrier();
  EXPECT_EQ(all().sum(1.0), all().count());
}

TEST(Processes, DISABLED_OneThatAbortsEndsAll) {
  if (all().rank() == 1) all().abort("no room on the disk", 3);
  all().barrier();  // for ever, if nothing ended it
}

TEST(ProcessesDeathTest, AnAbortSaysWhy) {
  if (all().count() > 1) GTEST_SKIP() << "processes of MPI do not fork; see processes_abort";
  EXPECT_EXIT(all().abort("no room on the disk", 3), testing::ExitedWithCode(3), "no room");
}

}  // namespace
}  // namespace kale
