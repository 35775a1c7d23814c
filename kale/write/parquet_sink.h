// Finished shards to parquet: parts/part-00003-g0-w0.parquet and
// rejects/rejects-00003-g0-w0.parquet (shard, generation, writer).
// Errors   kIo naming the file; read(): kNotFound and kCorrupt, curable by running again
// Threads  write() and read() may run for different shards at once
// Format   docs/formats.md, "Parts" and "Rejects"
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "kale/core/sink.h"
#include "kale/io/disk.h"

namespace kale {

inline constexpr std::string_view kPartsFolder = "parts";
inline constexpr std::string_view kRejectsFolder = "rejects";
// Parts name the columns of the input that kale does not read so; nothing of kale's starts alike.
inline constexpr std::string_view kExtrasPrefix = "extra_";

// `writer_id` ends the file names as it is: "w0" for the first worker.
std::unique_ptr<Sink> make_parquet_sink(Disk& disk, std::filesystem::path out,
                                        std::string writer_id);

}  // namespace kale
