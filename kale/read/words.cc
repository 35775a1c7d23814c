#include "kale/read/words.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

namespace kale {
namespace {

using Json = nlohmann::ordered_json;

// Density is counted on a grid: exact enough for a share, and overlaps need no geometry.
constexpr int kCells = 200;

bool is_number_list(const Json& list, std::size_t size) {
  return list.is_array() && list.size() == size &&
         std::all_of(list.begin(), list.end(), [](const Json& v) { return v.is_number(); });
}

// Letters of other scripts are bytes above ASCII; each lead byte counts as one.
struct Makeup {
  int solid = 0;  // letters and digits
  int loose = 0;  // signs
  int vowels = 0;
  int digits = 0;
  int case_turns = 0;  // lower to upper inside the word
};

Makeup makeup_of(std::string_view text) {
  Makeup makeup;
  bool was_lower = false;
  for (unsigned char c : text) {
    bool lower = c >= 'a' && c <= 'z';
    bool upper = c >= 'A' && c <= 'Z';
    bool digit = c >= '0' && c <= '9';
    if (upper && was_lower) ++makeup.case_turns;
    was_lower = lower;
    if (lower || upper || digit || c >= 0xC0) {
      ++makeup.solid;
      makeup.digits += digit;
      makeup.vowels += c >= 0xC0 || std::string_view("aeiouyAEIOUY").find(static_cast<char>(c)) !=
                                        std::string_view::npos;
    } else if (c < 0x80) {
      ++makeup.loose;
    }
  }
  return makeup;
}

// Texture gives short words high confidence and never a long one: the bar falls with the length.
double confidence_needed(int solid, const WordRules& rules) {
  if (solid <= 3) return rules.short_confidence_min;
  if (solid >= 6) return rules.confidence_min;
  return 0.4 * rules.confidence_min + 0.6 * rules.short_confidence_min;
}

bool is_word(const OcrWord& word, const WordRules& rules) {
  if (word.box[3] < rules.height_min || word.box[2] <= 0) return false;
  Makeup makeup = makeup_of(word.text);
  if (makeup.solid < 2 || makeup.loose > makeup.solid / 2 || makeup.case_turns > 1) return false;
  return word.confidence >= confidence_needed(makeup.solid, rules);
}

std::string_view without_loose_ends(std::string_view text) {
  constexpr std::string_view kLoose = "|_~=<>{}[]\\^`*\"'-.,:;";
  std::size_t first = text.find_first_not_of(kLoose);
  if (first == std::string_view::npos) return {};
  std::size_t last = text.find_last_not_of("|_~=<>{}[]\\^`*\"'-,:;");
  return text.substr(first, last - first + 1);
}

bool same_line(const OcrWord& left, const OcrWord& right) {
  double middle = right.box[1] + right.box[3] / 2;
  return middle > left.box[1] && middle < left.box[1] + left.box[3];
}

}  // namespace

std::optional<std::vector<OcrWord>> parse_ocr_words(std::string_view json) {
  Json reply = Json::parse(json, nullptr, false);
  if (!reply.is_object() || !reply.contains("words") || !reply["words"].is_array()) {
    return std::nullopt;
  }
  std::vector<OcrWord> words;
  for (const Json& item : reply["words"]) {
    if (!item.is_object() || !item.contains("text") || !item.contains("box") ||
        !item.contains("confidence") || !item["text"].is_string() ||
        !is_number_list(item["box"], 4) || !item["confidence"].is_number()) {
      return std::nullopt;
    }
    OcrWord word{item["text"].get<std::string>(), {}, item["confidence"].get<double>()};
    for (std::size_t i = 0; i < 4; ++i) word.box[i] = item["box"][i].get<double>();
    words.push_back(std::move(word));
  }
  return words;
}

std::string ocr_words_json(const std::vector<OcrWord>& words) {
  Json list = Json::array();
  for (const OcrWord& word : words) {
    list.push_back({{"text", word.text}, {"box", word.box}, {"confidence", word.confidence}});
  }
  return list.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::vector<OcrWord> keep_words(std::vector<OcrWord> words, const WordRules& rules) {
  std::vector<OcrWord> kept;
  for (OcrWord& word : words) {
    word.text = std::string(without_loose_ends(word.text));
    if (is_word(word, rules)) kept.push_back(std::move(word));
  }
  return kept;
}

std::string join_words(const std::vector<OcrWord>& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += same_line(words[i - 1], words[i]) ? ' ' : '\n';
    text += words[i].text;
  }
  return text;
}

double text_density_of(const std::vector<OcrWord>& words) {
  std::vector<bool> covered(static_cast<std::size_t>(kCells) * kCells, false);
  auto cell = [](double at) {
    return std::clamp(static_cast<int>(std::lround(at * kCells)), 0, kCells);
  };
  for (const OcrWord& word : words) {
    for (int y = cell(word.box[1]); y < cell(word.box[1] + word.box[3]); ++y) {
      for (int x = cell(word.box[0]); x < cell(word.box[0] + word.box[2]); ++x) {
        covered[static_cast<std::size_t>(y * kCells + x)] = true;
      }
    }
  }
  auto count = std::count(covered.begin(), covered.end(), true);
  return static_cast<double>(count) / (kCells * kCells);
}

}  // namespace kale
