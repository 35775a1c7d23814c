#include "kale/evaluate/overlap/chair.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "kale/core/check.h"
#include "kale/evaluate/overlap/texts.h"
#include "kale/text/lists.h"
#include "kale/text/utf8.h"

namespace kale {
namespace {

constexpr std::size_t kSynonymsMax = 100'000;  // words of a list

struct Ending {
  std::string_view plural, singular;
};

constexpr std::array<Ending, 9> kEndings = {{{"s", ""},
                                             {"ses", "s"},
                                             {"ves", "f"},
                                             {"xes", "x"},
                                             {"zes", "z"},
                                             {"ches", "ch"},
                                             {"shes", "sh"},
                                             {"men", "man"},
                                             {"ies", "y"}}};

std::vector<std::string> split(std::string_view text, char by) {
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(by, begin), text.size());
    if (const std::string_view part = trim(text.substr(begin, end - begin)); !part.empty())
      parts.emplace_back(part);
    begin = end + 1;
  }
  return parts;
}

// The reference parts words at a comma and one blank, and never finds a word that a second blank
// stands before: the published list has two of them.
std::vector<std::string> synonyms_of(std::string_view line) {
  std::vector<std::string> words;
  for (std::size_t begin = 0; begin <= line.size();) {
    const std::size_t end = std::min(line.find(", ", begin), line.size());
    const std::string_view word = line.substr(begin, end - begin);
    if (!trim(word).empty()) words.emplace_back(word);
    begin = end + 2;
  }
  return words;
}

bool ends_with_any(std::string_view word, std::initializer_list<std::string_view> endings) {
  return std::any_of(endings.begin(), endings.end(),
                     [&](std::string_view ending) { return word.ends_with(ending); });
}

// What the Treebank tokenizer of NLTK leaves of a word: marks at its ends and clitics off.
void add_word(std::string word, std::vector<std::string>& words) {
  while (!word.empty() && (word.front() == '\'' || word.front() == '.')) word.erase(0, 1);
  while (!word.empty() && (word.back() == '.' || word.back() == '\'')) word.pop_back();
  for (const std::size_t clitic : {std::size_t{2}, std::size_t{3}}) {
    const bool off = clitic == 2 ? ends_with_any(word, {"'s", "'m", "'d"})
                                 : ends_with_any(word, {"'ll", "'re", "'ve", "n't"});
    if (off) word.resize(word.size() - clitic);
  }
  if (!word.empty()) words.push_back(std::move(word));
}

std::vector<std::string> lower_words(std::string_view text) {
  constexpr std::u32string_view kApart =
      U"\",;@#$%&?!()[]{}<>`\u00AB\u00BB\u201C\u201D\u2018\u2019\u201E";
  std::vector<std::string> words;
  std::string word;
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = next_code_point(text, at);
    const std::string_view rest = text.substr(at);
    const bool colon =
        c == U':' && (rest.empty() || !is_digit(static_cast<unsigned char>(rest[0])));
    const bool dashes = c == U'-' && rest.starts_with('-');
    const bool points = c == U'.' && rest.starts_with("..");
    if (!is_space(c) && !colon && !dashes && !points && kApart.find(c) == kApart.npos) {
      append_code_point(word, to_lower(c));
      continue;
    }
    if (dashes) ++at;
    if (points) at += 2;
    add_word(std::move(word), words);
    word.clear();
    if (c != U'\'' && !is_space(c)) words.emplace_back("");  // a mark parts pairs of words
  }
  add_word(std::move(word), words);
  return words;
}

}  // namespace

Chair::Chair() {
  for (const std::string& line : list_lines(evaluate_overlap_texts::chair_words)) {
    const std::vector<std::string> parts = split(line, ' ');
    if (parts[0] == "pair") {
      const std::string pair = parts[1] + " " + parts[2];
      const std::size_t sign = line.find(" = ");
      pairs_[pair] = sign == std::string::npos ? pair : line.substr(sign + 3);
    } else if (parts[0] == "irregular") {
      irregular_[parts[1]] = parts[2];
    } else {
      KALE_CHECK(parts[0] == "kept", "unknown kind in kale/evaluate/overlap/chair_words.txt");
      for (std::size_t i = 1; i < parts.size(); ++i) irregular_[parts[i]] = parts[i];
    }
  }
}

Result<Chair> Chair::from_synonyms(std::string_view synonyms) {
  Chair chair;
  int line_number = 0;
  for (std::size_t begin = 0; begin < synonyms.size();) {
    const std::size_t end = std::min(synonyms.find('\n', begin), synonyms.size());
    const std::string_view line = trim(synonyms.substr(begin, end - begin));
    begin = end + 1;
    ++line_number;
    if (line.empty()) continue;
    const std::vector<std::string> words = synonyms_of(line);
    if (words.empty() || words.front().starts_with(','))
      return Error{Code::kCorrupt,
                   fmt::format("line {} of the synonyms begins with no word; write an object's "
                               "name and its synonyms, separated by commas",
                               line_number)};
    for (const std::string& word : words) {
      chair.object_of_[word] = words.front();
      if (word.front() == ' ') continue;
      for (const std::string& part : split(word, ' ')) chair.words_.insert(part);
    }
    if (chair.object_of_.size() > kSynonymsMax)
      return Error{Code::kLimit, fmt::format("more than {} synonyms", kSynonymsMax)};
  }
  if (chair.object_of_.empty())
    return Error{Code::kCorrupt,
                 "the list of synonyms is empty; give the file data/synonyms.txt "
                 "that the authors of CHAIR published"};
  for (const auto& [pair, meaning] : chair.pairs_)
    for (const std::string& part : split(pair, ' ')) chair.words_.insert(part);
  return chair;
}

// The shortest known word that the plural may be of.
std::string Chair::singular(const std::string& word) const {
  if (const auto known = irregular_.find(word); known != irregular_.end()) return known->second;
  std::string shortest = words_.contains(word) ? word : "";
  for (const Ending& ending : kEndings) {
    if (!word.ends_with(ending.plural)) continue;
    std::string stem = word.substr(0, word.size() - ending.plural.size());
    stem += ending.singular;
    if (words_.contains(stem) && (shortest.empty() || stem.size() < shortest.size()))
      shortest = std::move(stem);
  }
  return shortest.empty() ? word : shortest;
}

std::vector<std::string> Chair::object_words(std::string_view caption) const {
  std::vector<std::string> words = lower_words(caption);
  for (std::string& word : words) word = singular(word);
  std::vector<std::string> paired;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto pair =
        i + 1 < words.size() ? pairs_.find(words[i] + " " + words[i + 1]) : pairs_.end();
    paired.push_back(pair == pairs_.end() ? words[i] : pair->second);
    if (pair != pairs_.end()) ++i;
  }
  // The seat of a toilet is no chair.
  const bool toilet = std::find(paired.begin(), paired.end(), "toilet") != paired.end();
  if (toilet) std::erase(paired, "seat");
  std::erase_if(paired, [&](const std::string& word) { return !object_of_.contains(word); });
  return paired;
}

ChairVerdict Chair::judge(const ChairCaption& caption) const {
  ChairVerdict verdict;
  std::set<std::string> named;
  for (const std::string& word : object_words(caption.caption)) {
    const std::string& object = object_of_.at(word);
    verdict.mentioned.push_back(object);
    if (caption.objects.contains(object))
      named.insert(object);
    else
      verdict.hallucinated.push_back(object);
  }
  verdict.objects_named = static_cast<std::int64_t>(named.size());
  return verdict;
}

ChairReport Chair::score(std::span<const ChairCaption> captions) const {
  ChairReport report;
  double mentions = 0, wrong = 0, wrong_captions = 0, objects = 0, named = 0;
  for (const ChairCaption& caption : captions) {
    ChairVerdict verdict = judge(caption);
    mentions += static_cast<double>(verdict.mentioned.size());
    wrong += static_cast<double>(verdict.hallucinated.size());
    wrong_captions += verdict.hallucinated.empty() ? 0 : 1;
    objects += static_cast<double>(caption.objects.size());
    named += static_cast<double>(verdict.objects_named);
    report.captions.push_back(std::move(verdict));
  }
  const auto share = [](double part, double all) { return all == 0 ? 0 : part / all; };
  report.chair_s = share(wrong_captions, static_cast<double>(captions.size()));
  report.chair_i = share(wrong, mentions);
  report.recall = share(named, objects);
  return report;
}

}  // namespace kale
