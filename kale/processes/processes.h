// Several processes that work as one, each with its part of the data: MPI where a launcher started
// them (mpirun, srun), else this process alone.
// Errors   a process that is lost ends all of them, with a message of MPI's; nothing is returned
// Threads  the thread that joined. Every operation is one for all: a process that calls it waits
//          until all others call it, in the same order
// Units    sums are of float32, in the memory of the machine
#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "kale/core/result.h"

namespace kale {

class Processes {
 public:
  virtual ~Processes() = default;  // leaves; all do so together

  virtual int rank() const = 0;        // 0 is the one that writes files
  virtual int count() const = 0;       // at least 1
  virtual int local_rank() const = 0;  // among those on this machine: which device is whose

  // Each number becomes its sum over all processes. As long in all of them.
  virtual void sum(std::span<float> numbers) = 0;
  virtual double sum(double number) = 0;
  // All get the bytes that rank 0 has. As long in all of them.
  virtual void broadcast(std::span<char> bytes) = 0;
  virtual void barrier() = 0;
  // Ends all processes without waiting for any of them: "process 1 of 2: MESSAGE".
  [[noreturn]] virtual void abort(std::string_view message, int exit_code) = 0;
};

// Once in a program. kNotBuilt where a launcher started several and this build has no MPI: each
// would train alone.
Result<std::unique_ptr<Processes>> join_processes();

}  // namespace kale
