#include "kale/evaluate/overlap/meteor.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace kale {
namespace {

constexpr double kAlpha = 0.85;  // how much recall weighs against precision
constexpr double kBeta = 0.2;    // the penalty's power
constexpr double kGamma = 0.6;   // the penalty's weight
constexpr std::size_t kBits = 64;

// Blanks alone part Meteor's words; an empty line has none.
TokenSpan words_of(const NumberedText& text) {
  return text.words.empty() ? text.words : text.tokens;
}

void sort_places(TokenSpan tokens, std::vector<std::pair<TokenNumber, std::int32_t>>& out) {
  out.clear();
  for (std::size_t i = 0; i < tokens.size(); ++i)
    out.emplace_back(tokens[i], static_cast<std::int32_t>(i));
  std::sort(out.begin(), out.end());
}

}  // namespace

void MeteorCounts::add(const MeteorCounts& other) {
  words += other.words;
  reference_words += other.reference_words;
  matches += other.matches;
  chunks += other.chunks;
}

double MeteorCounts::score() const {
  if (matches == 0) return 0;
  const double precision = static_cast<double>(matches) / static_cast<double>(words);
  const double recall = static_cast<double>(matches) / static_cast<double>(reference_words);
  const double mean = 1 / ((1 - kAlpha) / precision + kAlpha / recall);
  const double fragments = static_cast<double>(chunks) / static_cast<double>(matches);
  return mean * (1 - kGamma * std::pow(fragments, kBeta));
}

void MeteorScorer::list_options(TokenSpan caption, TokenSpan reference) {
  sort_places(caption, in_caption_);
  sort_places(reference, in_reference_);
  places_.clear();
  for (const auto& [token, place] : in_caption_) places_.push_back(place);
  options_.assign(reference.size(), {});
  std::size_t at = 0;
  for (std::size_t i = 0; i < in_reference_.size();) {
    const TokenNumber token = in_reference_[i].first;
    while (at < in_caption_.size() && in_caption_[at].first < token) ++at;
    std::size_t end = at;
    while (end < in_caption_.size() && in_caption_[end].first == token) ++end;
    std::size_t last = i;
    while (last < in_reference_.size() && in_reference_[last].first == token) ++last;
    const bool fixed = end - at == 1 && last - i == 1;
    for (; i < last; ++i)
      options_[static_cast<std::size_t>(in_reference_[i].second)] = {places_.data() + at,
                                                                     places_.data() + end, fixed};
  }
}

void MeteorScorer::match(Path& path, std::int32_t in_caption) {
  ++path.matches;
  if (path.open >= 0 && path.open != in_caption) ++path.chunks;
  path.open = in_caption + 1;
}

bool MeteorScorer::better(const Path& a, const Path& b) {
  if (a.matches != b.matches) return a.matches > b.matches;
  if (a.chunks != b.chunks) return a.chunks < b.chunks;
  return a.distance < b.distance;
}

bool MeteorScorer::has_room_for(const Path& path) const {
  return next_.paths.size() < kBeamPaths || better(path, next_.paths[order_.back()]);
}

// In place of the worst where there are kBeamPaths: what is cut as ways are made is what Meteor
// cuts after it has made all.
void MeteorScorer::keep(Path path, std::optional<std::size_t> word) {
  std::size_t slot = next_.paths.size();
  if (slot < kBeamPaths) {
    next_.paths.emplace_back();
    next_.bits.resize(next_.bits.size() + blocks_);
  } else {
    slot = order_.back();
    order_.pop_back();
  }
  const auto from = beam_.bits.begin() + static_cast<std::ptrdiff_t>(path.taken);
  path.taken = static_cast<std::uint32_t>(slot * blocks_);
  std::copy_n(from, blocks_, next_.bits.begin() + static_cast<std::ptrdiff_t>(path.taken));
  if (word) next_.bits[path.taken + *word / kBits] |= std::uint64_t{1} << *word % kBits;
  next_.paths[slot] = path;
  const auto place = std::upper_bound(
      order_.begin(), order_.end(), slot,
      [&](std::size_t a, std::size_t b) { return better(next_.paths[a], next_.paths[b]); });
  order_.insert(place, slot);
}

// Every way to match the word, then the way that leaves it out. Meteor adds the distance of a match
// to the path it came from: so it counts for the ways after it and not for its own.
void MeteorScorer::branch(Path path, std::int32_t place, const Options& options) {
  for (const std::int32_t* option = options.begin; option != options.end; ++option) {
    const auto word = static_cast<std::size_t>(*option);
    const std::uint64_t bit = std::uint64_t{1} << word % kBits;
    if ((beam_.bits[path.taken + word / kBits] & bit) != 0) continue;
    Path made = path;
    match(made, *option);
    // Further ways match as many words in no fewer chunks over a greater distance, but for the one
    // that goes on with the open chunk; leaving the word out matches fewer.
    const bool may_go_on = *option < path.open;
    if (has_room_for(made))
      keep(made, word);
    else if (!may_go_on)
      return;
    path.distance += std::abs(place - *option);
  }
  if (path.open >= 0) ++path.chunks;
  path.open = -1;
  if (has_room_for(path)) keep(path, std::nullopt);
}

void MeteorScorer::pass(std::int32_t place, const Options& options) {
  std::vector<Path>& paths = beam_.paths;
  if (paths.size() > 1) std::stable_sort(paths.begin(), paths.end(), better);
  const bool none = options.begin == options.end;
  if (!none && !options.fixed) {
    next_.paths.clear();
    next_.bits.clear();
    order_.clear();
    for (const Path& path : paths) branch(path, place, options);
    paths.clear();
    for (const std::size_t slot : order_) paths.push_back(next_.paths[slot]);
    std::swap(beam_.bits, next_.bits);
    return;
  }
  for (Path& path : paths) {
    if (!none) {
      match(path, *options.begin);
      path.distance += std::abs(place - *options.begin);
      continue;
    }
    if (path.open >= 0) ++path.chunks;
    path.open = -1;
  }
}

MeteorCounts MeteorScorer::align(TokenSpan caption, TokenSpan reference) {
  list_options(caption, reference);
  blocks_ = caption.size() / kBits + 1;
  beam_.paths.assign(1, {});
  beam_.bits.assign(blocks_, 0);
  for (std::size_t i = 0; i < reference.size(); ++i)
    pass(static_cast<std::int32_t>(i), options_[i]);
  pass(static_cast<std::int32_t>(reference.size()), {});  // closes the last chunk
  pass(static_cast<std::int32_t>(reference.size()), {});  // and sorts with it
  const Path& best = beam_.paths.front();
  MeteorCounts counts{.words = static_cast<std::int64_t>(caption.size()),
                      .reference_words = static_cast<std::int64_t>(reference.size()),
                      .matches = best.matches,
                      .chunks = best.chunks};
  const bool same = counts.matches == counts.words && counts.matches == counts.reference_words;
  if (same && counts.chunks == 1) counts.chunks = 0;  // nothing is in pieces
  return counts;
}

MeteorCounts MeteorScorer::score(const NumberedText& caption,
                                 std::span<const NumberedText> references) {
  MeteorCounts best;
  double best_score = -1;
  for (const NumberedText& reference : references) {
    const MeteorCounts counts = align(words_of(caption), words_of(reference));
    const double score = counts.score();
    if (score <= best_score) continue;
    best_score = score;
    best = counts;
  }
  return best;
}

}  // namespace kale
