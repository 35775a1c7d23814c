// METEOR's exact stage of one caption: words align with the same words of a reference, as many as
// can be and in as few runs as a search finds; the reference with the best score counts.
// Paper    Denkowski and Lavie 2014; the program's version 1.5, options -l en -m exact and
//          -p '0.85 0.2 0.6 0.5': function words weigh as much as others, since the list of them
//          is Meteor's own
// Units    memory grows with a text's words; time with the caption's words times the reference's
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "kale/evaluate/overlap/numbered_texts.h"

namespace kale {

struct MeteorCounts {  // of one caption, or of many added up
  std::int64_t words = 0;
  std::int64_t reference_words = 0;
  std::int64_t matches = 0;
  std::int64_t chunks = 0;  // runs of matches that go on in both texts; 0 if identical

  void add(const MeteorCounts& other);
  double score() const;
};

// Holds what one thread needs from caption to caption.
class MeteorScorer {
 public:
  MeteorCounts score(const NumberedText& caption, std::span<const NumberedText> references);
  MeteorCounts align(TokenSpan caption, TokenSpan reference);

 private:
  struct Path {
    std::int32_t matches = 0;
    std::int32_t chunks = 0;    // closed ones
    std::int64_t distance = 0;  // between the places of a match, summed
    std::int32_t open = -1;     // where the open chunk would go on in the caption
    std::uint32_t taken = 0;    // which of the caption's words: where its bits are
  };
  static constexpr std::size_t kBeamPaths = 40;
  struct Beam {
    std::vector<Path> paths;
    std::vector<std::uint64_t> bits;  // of the words taken, blocks_ for a path
  };
  struct Options {  // for one word of the reference: places of the same word in the caption
    const std::int32_t* begin = nullptr;
    const std::int32_t* end = nullptr;
    bool fixed = false;  // the word stands once in both
  };

  void list_options(TokenSpan caption, TokenSpan reference);
  void pass(std::int32_t place, const Options& options);
  void branch(Path path, std::int32_t place, const Options& options);
  bool has_room_for(const Path& path) const;
  void keep(Path path, std::optional<std::size_t> word);
  static bool better(const Path& a, const Path& b);
  static void match(Path& path, std::int32_t in_caption);

  std::vector<std::pair<TokenNumber, std::int32_t>> in_caption_, in_reference_;  // sorted
  std::vector<std::int32_t> places_;
  std::vector<Options> options_;
  std::size_t blocks_ = 0;
  Beam beam_, next_;                // kBeamPaths at most
  std::vector<std::size_t> order_;  // of next_'s paths: the best first, of equals the first made
};

}  // namespace kale
