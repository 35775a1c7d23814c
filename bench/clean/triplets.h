// Rows of CapsFusion's published triplets: a file of JSON lines with alt_text, synthetic and fused.
// Errors   kNotFound, kIo for the file; kCorrupt names the line
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "kale/core/result.h"

namespace kale::bench {

struct Triplet {
  std::string alt_text;
  std::string synthetic;
  std::string fused;
};

Result<std::vector<Triplet>> read_triplets(const std::filesystem::path& file);

}  // namespace kale::bench
