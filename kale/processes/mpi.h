// Processes by MPI.
#pragma once

#include "kale/processes/processes.h"

namespace kale {

// kNotBuilt in a build without.
Result<std::unique_ptr<Processes>> join_mpi();

}  // namespace kale
