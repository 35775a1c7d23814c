// Where a verb may write, asked before any work is done.
// Errors   kBadConfig for a place that does not do, naming the option
// Threads  free functions, safe
#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <string>

#include "kale/core/result.h"

namespace kale {

// Nothing is there yet, or a folder is.
Status check_out_folder(const std::filesystem::path& out);
// Nothing is there yet, or a file is.
Status check_out_file(const std::filesystem::path& out);

Result<bool> lies_in(const std::filesystem::path& inner, const std::filesystem::path& outer);

// For options that name a file or column: a script's variable that is not set is no name.
CLI::Validator not_empty();

}  // namespace kale
