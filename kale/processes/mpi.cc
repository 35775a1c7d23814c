#include "kale/processes/mpi.h"

#if KALE_MPI

#include <fmt/format.h>
#include <mpi.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace kale {
namespace {

// MPI counts in int.
constexpr std::size_t kNumbersAtOnce = std::size_t{1} << 26;

template <class Number, class Work>
void in_parts(std::span<Number> numbers, Work&& work) {
  while (!numbers.empty()) {
    const std::size_t count = std::min(numbers.size(), kNumbersAtOnce);
    work(numbers.data(), static_cast<int>(count));
    numbers = numbers.subspan(count);
  }
}

// MPI's own handler ends the program on errors, so that codes need not be looked at.
class MpiProcesses : public Processes {
 public:
  MpiProcesses() {
    MPI_Comm_rank(MPI_COMM_WORLD, &rank_);
    MPI_Comm_size(MPI_COMM_WORLD, &count_);
    MPI_Comm machine;
    MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &machine);
    MPI_Comm_rank(machine, &local_rank_);
    MPI_Comm_free(&machine);
  }
  ~MpiProcesses() override { MPI_Finalize(); }

  int rank() const override { return rank_; }
  int count() const override { return count_; }
  int local_rank() const override { return local_rank_; }

  void sum(std::span<float> numbers) override {
    in_parts(numbers, [](float* at, int count) {
      MPI_Allreduce(MPI_IN_PLACE, at, count, MPI_FLOAT, MPI_SUM, MPI_COMM_WORLD);
    });
  }
  double sum(double number) override {
    MPI_Allreduce(MPI_IN_PLACE, &number, 1, MPI_DOUBLE, MPI_SUM, MPI_COMM_WORLD);
    return number;
  }
  void broadcast(std::span<char> bytes) override {
    in_parts(bytes, [](char* at, int count) { MPI_Bcast(at, count, MPI_BYTE, 0, MPI_COMM_WORLD); });
  }
  void barrier() override { MPI_Barrier(MPI_COMM_WORLD); }

  [[noreturn]] void abort(std::string_view message, int exit_code) override {
    fmt::print(stderr, "process {} of {}: {}\n", rank_, count_, message);
    std::fflush(stderr);
    MPI_Abort(MPI_COMM_WORLD, exit_code);
    std::_Exit(exit_code);
  }

 private:
  int rank_ = 0, count_ = 1, local_rank_ = 0;
};

}  // namespace

Result<std::unique_ptr<Processes>> join_mpi() {
  int initialised = 0, provided = 0;
  MPI_Initialized(&initialised);
  KALE_CHECK(initialised == 0, "processes join once in a program");
  MPI_Init_thread(nullptr, nullptr, MPI_THREAD_FUNNELED, &provided);
  return std::unique_ptr<Processes>(std::make_unique<MpiProcesses>());
}

}  // namespace kale

#else

namespace kale {

Result<std::unique_ptr<Processes>> join_mpi() {
  return Error{Code::kNotBuilt,
               "started as one of several processes, but this build has no MPI; install "
               "libopenmpi-dev and build again, or start one process"};
}

}  // namespace kale

#endif
