// The files beside config.json and model.safetensors of a student in LLaVA form: with them
// AutoProcessor and LlavaForConditionalGeneration load the folder without code of ours.
// Format   docs/student.md
// Errors   kBadConfig for a tokeniser that kale does not know (kale/models/vocabulary.h) or that
//          does not fit the config; kCorrupt; the disk's
// Threads  free functions; one at a time for one folder
// Units    px
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "kale/core/result.h"
#include "kale/io/disk.h"
#include "kale/models/config.h"
#include "kale/models/picture_config.h"

namespace kale {

// One token for a picture's rows; in a text it stands once a picture.
inline constexpr std::string_view kImageToken = "<image>";

struct StudentTokenizer {
  std::string json;         // tokenizer.json with the image token
  std::int64_t image = 0;   // its number: config's image_token
  std::int64_t tokens = 0;  // how many rows the embedding needs at least
  bool added = false;       // where the file had none
};

// The decoder's tokeniser, from its folder, with the image token added behind its last where it has
// none.
Result<StudentTokenizer> student_tokenizer(Disk& disk, const std::filesystem::path& folder);

// Pictures padded to a square of the tower's side, as LLaVA-1.5 takes them and as llama.cpp does.
// CLIP's or SigLIP's mean and deviation, where the tower's own folder says nothing else.
PictureConfig student_pictures(const VisionConfig& vision);

struct Companions {
  LlavaConfig config;
  StudentTokenizer tokenizer;
  PictureConfig pictures;
  std::int64_t new_tokens_max = 256;  // of generation_config.json
};

// Whether tokeniser and config fit each other; `where` names the folder in errors.
Status check_companions(const Companions& companions, const std::string& where);

// tokenizer.json, tokenizer_config.json, processor_config.json, preprocessor_config.json,
// chat_template.jinja and generation_config.json, each written aside, synced and renamed.
Status write_companions(Disk& disk, const std::filesystem::path& folder,
                        const Companions& companions);

}  // namespace kale
