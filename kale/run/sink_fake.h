// A sink for tests: JSON lines through the disk door, in the same order of changes as the parquet
// sink.
#pragma once

#include <filesystem>
#include <memory>

#include "kale/core/sink.h"
#include "kale/io/disk.h"

namespace kale {

std::unique_ptr<Sink> make_json_sink(Disk& disk, std::filesystem::path out);

}  // namespace kale
