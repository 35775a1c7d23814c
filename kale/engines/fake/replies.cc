#include "kale/engines/fake/replies.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

#include "kale/core/rng.h"
#include "kale/io/digest.h"

namespace kale {
namespace {

using Words = std::array<std::string_view, 16>;
constexpr Words kAdjectives{"small", "old",   "bright", "dark", "round", "tall", "quiet", "plain",
                            "wide",  "green", "red",    "blue", "white", "flat", "warm",  "grey"};
constexpr Words kNouns{"harbour", "tower",  "bird", "bicycle", "garden", "boat", "bridge", "lamp",
                       "flower",  "window", "hill", "basket",  "coin",   "drum", "train",  "tree"};
constexpr Words kVerbs{"waits", "stands", "leans", "floats", "shines", "turns", "lies",  "rests",
                       "rolls", "hangs",  "grows", "sits",   "moves",  "opens", "sways", "glows"};
constexpr Words kPlaces{"beside", "behind", "near",   "under",  "above", "before",
                        "across", "inside", "beyond", "around", "over",  "against",
                        "along",  "below",  "past",   "within"};
constexpr Words kSigns{"STOP", "OPEN", "EXIT",  "CAFE", "NORTH", "1967", "BUS",   "TAXI",
                       "SALE", "PIER", "LEVEL", "7",    "MUSIC", "POST", "BREAD", "ROUTE"};

std::string_view pick(Rng& rng, const Words& words) { return words[rng.below(words.size())]; }

double rounded(double value) { return std::round(value * 1e4) / 1e4; }

void add_content(Digest& digest, const Prompt& prompt) {
  for (const Message& message : prompt.messages) digest.add(message.role).add(message.content);
  for (const PixelsPtr& image : prompt.images) {
    digest.add(std::int64_t{image->width}).add(std::int64_t{image->height});
    digest.add(
        std::string_view(reinterpret_cast<const char*>(image->rgb.data()), image->rgb.size()));
  }
}

}  // namespace

std::uint64_t content_hash(const Prompt& prompt) {
  Digest digest;
  add_content(digest, prompt);
  return digest.low64();
}

std::uint64_t request_hash(const Prompt& prompt, const Decoding& decoding) {
  Digest digest;
  add_content(digest, prompt);
  digest.add(fmt::format("{} {} {} {} {} {} {}", decoding.new_tokens_max, decoding.temperature,
                         decoding.top_p, decoding.top_k, decoding.repetition_penalty,
                         decoding.candidates, decoding.seed));
  for (const std::string& stop : decoding.stop) digest.add(stop);
  return digest.low64();
}

std::string sentence_by_hash(std::uint64_t hash) {
  Rng rng(hash);
  auto first_adjective = pick(rng, kAdjectives);
  auto first_noun = pick(rng, kNouns);
  auto verb = pick(rng, kVerbs);
  auto place = pick(rng, kPlaces);
  auto second_adjective = pick(rng, kAdjectives);
  auto second_noun = pick(rng, kNouns);
  return fmt::format("The {} {} {} {} the {} {}.", first_adjective, first_noun, verb, place,
                     second_adjective, second_noun);
}

std::string classes_by_hash(std::uint64_t hash) {
  Rng rng(hash);
  std::vector<std::string_view> names;
  while (names.size() < 5) {
    auto name = pick(rng, kNouns);
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  nlohmann::ordered_json classes = nlohmann::ordered_json::array();
  double left = 1;
  for (auto name : names) {
    // At least half of what is left goes to each class, so that they come in falling order.
    double probability = rounded(left * (0.5 + 0.45 * rng.uniform()));
    left -= probability;
    classes.push_back({{"name", name}, {"probability", probability}});
  }
  return nlohmann::ordered_json{{"classes", classes}}.dump();
}

std::string words_by_hash(std::uint64_t hash) {
  Rng rng(hash);
  nlohmann::ordered_json words = nlohmann::ordered_json::array();
  std::uint64_t count = rng.below(4);
  for (std::uint64_t i = 0; i < count; ++i) {
    auto text = pick(rng, kSigns);
    double x = rounded(0.5 * rng.uniform());
    double y = rounded(0.2 * static_cast<double>(i) + 0.1);
    double confidence = rounded(0.6 + 0.4 * rng.uniform());
    words.push_back({{"text", text}, {"box", {x, y, 0.3, 0.1}}, {"confidence", confidence}});
  }
  return nlohmann::ordered_json{{"words", words}}.dump();
}

}  // namespace kale
