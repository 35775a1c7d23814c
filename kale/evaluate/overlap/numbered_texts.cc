#include "kale/evaluate/overlap/numbered_texts.h"

#include <string_view>
#include <unordered_map>

#include "kale/evaluate/overlap/parallel.h"
#include "kale/evaluate/overlap/ptb_tokenizer.h"

namespace kale {
namespace {

constexpr std::size_t kCandidatesPerPart = 512;
constexpr std::string_view kNoBreakSpace = "\u00A0";

struct Hash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const {
    return std::hash<std::string_view>{}(text);
  }
};

using Numbers = std::unordered_map<std::string, TokenNumber, Hash, std::equal_to<>>;

struct Extent {
  std::size_t tokens, words, end;  // where they begin in the part's numbers
};

// One part's texts with numbers of its own, which the whole corpus's take the place of later.
struct Part {
  Numbers numbers;
  std::vector<const std::string*> words;  // by number
  std::vector<TokenNumber> read;
  std::vector<Extent> extents;

  void add(std::string_view token) {
    auto found = numbers.find(token);
    if (found == numbers.end()) {
      found = numbers.emplace(token, static_cast<TokenNumber>(words.size())).first;
      words.push_back(&found->first);
    }
    read.push_back(found->second);
  }

  void add_line(std::string_view line) {
    Extent extent{read.size(), read.size(), 0};
    for (std::size_t begin = 0; begin <= line.size();) {
      const std::size_t end = std::min(line.find(' ', begin), line.size());
      add(line.substr(begin, end - begin));
      begin = end + 1;
    }
    if (line.empty()) extent.words = read.size();
    if (line.find(kNoBreakSpace) != std::string_view::npos) add_words(line, extent);
    extent.end = read.size();
    extents.push_back(extent);
  }

  void add_words(std::string_view line, Extent& extent) {
    extent.words = read.size();
    std::string word;
    for (std::size_t at = 0; at <= line.size(); ++at) {
      const bool wide = line.substr(at).starts_with(kNoBreakSpace);
      if (at < line.size() && line[at] != ' ' && !wide) {
        word += line[at];
        continue;
      }
      if (wide) ++at;
      if (!word.empty()) add(word);
      word.clear();
    }
  }
};

std::string_view first_reference(std::span<const Candidate> candidates, std::size_t at) {
  return at < candidates.size() ? std::string_view(candidates[at].references.front())
                                : std::string_view();
}

// The next line is the next caption for a caption, the next reference for a reference: so they
// stand in pycocoevalcap's two files.
void add_candidate(std::span<const Candidate> candidates, std::size_t at, Part& part) {
  const Candidate& candidate = candidates[at];
  const std::string_view next =
      at + 1 < candidates.size() ? std::string_view(candidates[at + 1].caption) : "";
  part.add_line(ptb_tokenized(candidate.caption, next));
  for (std::size_t i = 0; i < candidate.references.size(); ++i)
    part.add_line(
        ptb_tokenized(candidate.references[i], i + 1 < candidate.references.size()
                                                   ? candidate.references[i + 1]
                                                   : first_reference(candidates, at + 1)));
}

}  // namespace

NumberedTexts::NumberedTexts(std::span<const Candidate> candidates, int threads) {
  first_text_.reserve(candidates.size() + 1);
  first_text_.push_back(0);
  for (const Candidate& candidate : candidates)
    first_text_.push_back(first_text_.back() + 1 + candidate.references.size());
  texts_.resize(first_text_.back());

  std::vector<Part> parts((candidates.size() + kCandidatesPerPart - 1) / kCandidatesPerPart);
  for_each_part(parts.size(), threads, [&](std::size_t i) {
    const std::size_t end = std::min(candidates.size(), (i + 1) * kCandidatesPerPart);
    for (std::size_t at = i * kCandidatesPerPart; at < end; ++at)
      add_candidate(candidates, at, parts[i]);
  });

  Numbers numbers;
  std::vector<std::vector<TokenNumber>> number_of(parts.size());
  for (std::size_t i = 0; i < parts.size(); ++i)
    for (const std::string* word : parts[i].words)
      number_of[i].push_back(
          numbers.emplace(*word, static_cast<TokenNumber>(numbers.size())).first->second);

  numbers_.resize(parts.size());
  for_each_part(parts.size(), threads, [&](std::size_t i) {
    for (TokenNumber& number : parts[i].read) number = number_of[i][number];
    numbers_[i] = std::move(parts[i].read);
    const TokenSpan all = numbers_[i];
    std::size_t text = first_text_[i * kCandidatesPerPart];
    for (const Extent& extent : parts[i].extents) {
      const bool twice = extent.words != extent.tokens;  // words stand behind the tokens
      texts_[text].tokens =
          all.subspan(extent.tokens, (twice ? extent.words : extent.end) - extent.tokens);
      texts_[text++].words = all.subspan(extent.words, extent.end - extent.words);
    }
  });
}

}  // namespace kale
