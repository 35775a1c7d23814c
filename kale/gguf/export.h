// A student in LLaVA form (CLIP or SigLIP, two layers or one, Llama or Qwen2) -> the files that
// llama.cpp and llama-server load: a language model and an mmproj.
// Format   docs/student.md; a tensor at a time, so memory is about twice the largest one in F32
// Errors   kBadConfig, naming file, key and cure, for what llama.cpp would compute otherwise; those
//          of kale/models and the disk; kNotBuilt without llama.cpp
// Threads  one at a time for one output folder
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "kale/core/result.h"
#include "kale/io/disk.h"

namespace kale {

struct ExportOptions {
  std::filesystem::path folder;  // Hugging Face's form
  std::filesystem::path out;     // made if it is missing
  std::string type = "f16";      // f32, f16 or q8_0; vectors are F32 in all, the tower never q8_0
  std::string name;              // in the files' names; empty: the folder's
};

struct Exported {
  std::filesystem::path model;
  std::filesystem::path projector;
  std::vector<std::string> notes;  // what a user of these files should know, a sentence each
};

Result<Exported> export_gguf(Disk& disk, const ExportOptions& options);

}  // namespace kale
