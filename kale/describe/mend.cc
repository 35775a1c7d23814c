#include "kale/describe/mend.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <vector>

#include "kale/core/ascii.h"
#include "kale/text/lists.h"
#include "kale/text/sentences.h"
#include "kale/text/utf8.h"

namespace kale::describe {
namespace {

std::string_view without_article(std::string_view phrase) {
  for (std::string_view article : {"a ", "an "})
    if (phrase.starts_with(article)) return phrase.substr(article.size());
  return phrase;
}

struct Mention {
  std::size_t begin = 0;  // of its article, if it has one
  std::size_t end = 0;
};

// The next whole-word mention of `name` (lower case) in `lower`, from `from` on.
bool find_mention(const std::string& lower, std::string_view name, std::size_t from,
                  Mention& mention) {
  auto is_word = [&](std::size_t at) {
    return at < lower.size() && (std::isalnum(static_cast<unsigned char>(lower[at])) != 0);
  };
  std::size_t at = lower.find(name, from);
  while (at != std::string::npos && ((at > 0 && is_word(at - 1)) || is_word(at + name.size())))
    at = lower.find(name, at + 1);
  if (at == std::string::npos) return false;
  mention = {at, at + name.size()};
  static constexpr std::array<std::string_view, 4> kArticles{"a ", "an ", "the ", "this "};
  std::string_view before = std::string_view(lower).substr(0, at);
  for (std::string_view article : kArticles) {
    if (!before.ends_with(article)) continue;
    std::size_t begin = at - article.size();
    if (begin == 0 || !is_word(begin - 1)) mention.begin = begin;
  }
  return true;
}

// "On the left, it is ..." is one sentence.
bool opens_with_place(std::string_view text) {
  static constexpr std::array<std::string_view, 9> kOpeners{
      "In ", "On ", "At ", "Near ", "Against ", "Towards ", "Centred ", "Set ", "With "};
  std::size_t stop = text.rfind(". ");
  if (stop != std::string_view::npos) text.remove_prefix(stop + 2);
  return std::ranges::any_of(kOpeners, [&](auto opener) { return text.starts_with(opener); });
}

bool is_hedged(std::string_view before, const Wording& wording) {
  std::string normal = normal_form(before);
  return std::ranges::any_of(wording.lines("hedges"),
                             [&](const std::string& hedge) { return holds_phrase(normal, hedge); });
}

}  // namespace

std::string restore_hedge(std::string_view caption, const Plan& plan, const Wording& wording,
                          std::string_view subject) {
  std::string name = lower_ascii(without_article(plan.hedged));
  if (name.empty()) return std::string(caption);
  std::string again = plan.flat.empty() ? "the subject" : "the ";
  again += without_article(plan.flat);
  std::vector<std::string> mended;
  bool told = false;
  for (std::string_view sentence : kale::sentences(caption)) {
    std::string lower = lower_ascii(sentence);
    std::string out;
    std::size_t done = 0;
    Mention mention;
    while (find_mention(lower, name, done, mention)) {
      bool hedged = is_hedged(sentence.substr(0, mention.begin), wording);
      // "A red newt": a phrase put here would fall between its own words.
      bool inside = mention.begin + name.size() == mention.end && name.size() < plan.hedged.size();
      hedged = hedged || inside;
      out += sentence.substr(done, mention.begin - done);
      std::string words(hedged ? sentence.substr(mention.begin, mention.end - mention.begin)
                        : told ? std::string_view(again)
                               : subject);
      if (out.empty()) words[0] = static_cast<char>(std::toupper(words[0]));
      out += words;
      told = true;
      done = mention.end;
    }
    mended.push_back(out + std::string(sentence.substr(done)));
  }
  return join_sentences({mended.begin(), mended.end()});
}

std::string part_splices(std::string_view caption, const Plan& plan) {
  static constexpr std::array<std::string_view, 4> kVerbs{"is ", "covers ", "takes ", "fills "};
  std::vector<std::string> heads{", it ", ", the subject ", ", the background "};
  if (!plan.flat.empty()) heads.push_back(", the " + std::string(without_article(plan.flat)) + " ");
  std::string parted(caption);
  for (const std::string& head : heads) {
    for (std::size_t at = parted.find(head); at != std::string::npos;
         at = parted.find(head, at + 1)) {
      std::string_view rest = std::string_view(parted).substr(at + head.size());
      if (std::ranges::none_of(kVerbs, [&](auto verb) { return rest.starts_with(verb); })) continue;
      if (opens_with_place(std::string_view(parted).substr(0, at))) continue;
      parted[at] = '.';
      parted[at + 2] = static_cast<char>(std::toupper(static_cast<unsigned char>(parted[at + 2])));
    }
  }
  return parted;
}

std::string drop_second_background(std::string_view caption) {
  std::vector<std::string_view> kept;
  bool told = false;
  for (std::string_view sentence : kale::sentences(caption)) {
    if (told && sentence.starts_with("The background is ") &&
        sentence.find(" and ") == std::string_view::npos)
      continue;
    told = told || sentence.find("background") != std::string_view::npos;
    kept.push_back(sentence);
  }
  return join_sentences(kept);
}

}  // namespace kale::describe
