// Which of the words an OCR program believes to see are words.
// Threads  free functions, no shared state
// Units    boxes are parts of the picture, 0 to 1: x, y, width, height; confidence 0 to 1
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kale {

struct OcrWord {
  std::string text;
  std::array<double, 4> box = {};
  double confidence = 0;
};

// From an engine's {"words": [...]}; nullopt where the reply is something else.
std::optional<std::vector<OcrWord>> parse_ocr_words(std::string_view json);
std::string ocr_words_json(const std::vector<OcrWord>& words);

struct WordRules {
  double confidence_min = 0;
  double short_confidence_min = 0;  // up to three letters or digits; from six on confidence_min
  double height_min = 0;            // of the picture's height
};

// Feathers, leaves and spots read as loose signs: words must have letters or digits, mostly those,
// and the shorter they are the surer the engine must be.
std::vector<OcrWord> keep_words(std::vector<OcrWord> words, const WordRules& rules);

// One line of the picture a line, words in reading order.
std::string join_words(const std::vector<OcrWord>& words);

// Share of the picture under the words' boxes, overlaps counted once.
double text_density_of(const std::vector<OcrWord>& words);

}  // namespace kale
