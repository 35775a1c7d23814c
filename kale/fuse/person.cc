#include "kale/fuse/person.h"

#include <algorithm>
#include <map>
#include <vector>

#include "kale/fuse/texts.h"
#include "kale/fuse/title.h"
#include "kale/fuse/word_use.h"
#include "kale/text/lists.h"
#include "kale/text/utf8.h"
#include "kale/text/words.h"

namespace kale {
namespace {

using Words = std::vector<std::string_view>;

constexpr std::size_t kNameWordsMax = 3;

// The first word of each line and the mark behind it, which may be missing.
std::map<std::string, std::string> marked_words(std::string_view list) {
  std::map<std::string, std::string> all;
  for (const auto& line : list_lines(list)) {
    const std::size_t blank = line.find(' ');
    all.emplace(line.substr(0, blank), blank == std::string::npos ? "" : line.substr(blank + 1));
  }
  return all;
}

const std::map<std::string, std::string>& given_names() {
  static const auto names = marked_words(fuse_texts::given_names);
  return names;
}

// "f" for a woman's or girl's, "m" for a man's or boy's, else empty.
std::string_view sex_of(std::string_view seen_as) {
  static const auto women =
      stems("woman women girl girls lady ladies actress bride queen princess");
  static const auto men = stems("man men boy boys guy actor groom gentleman king prince");
  if (women.contains(stem(seen_as))) return "f";
  return men.contains(stem(seen_as)) ? "m" : "";
}

bool is_brand(std::string_view name) {
  static const auto brands = list_lines(fuse_texts::person_brands);
  const std::string form = normal_form(name);
  return std::any_of(brands.begin(), brands.end(),
                     [&](const auto& brand) { return holds_phrase(form, brand); });
}

bool is_name_word(std::string_view word, const std::set<std::string>& common) {
  return is_capital(word) && !has_digit(word) && !is_stop_word(word) && !is_place_word(word) &&
         !common.contains(stem(word)) && word.find('\'') == std::string_view::npos;
}

// One name with the titles before it.
bool proves_person(Words name, std::string_view sex, const std::set<std::string>& common) {
  static const auto titles = marked_words(fuse_texts::person_titles);
  std::string proof;
  std::size_t first = 0;
  for (; first < name.size(); ++first) {
    const auto title = titles.find(normal_form(name[first]));
    if (title == titles.end()) break;
    proof = title->second.empty() ? "title" : title->second;
  }
  name.erase(name.begin(), name.begin() + static_cast<std::ptrdiff_t>(first));
  if (name.empty() || name.size() > kNameWordsMax ||
      !std::all_of(name.begin(), name.end(),
                   [&](std::string_view word) { return is_name_word(word, common); }))
    return false;
  const auto given = given_names().find(normal_form(name.front()));
  if (given != given_names().end()) {
    const std::string& of = given->second;
    return (of.empty() || sex.empty() || of == sex) && (name.size() > 1 || !proof.empty());
  }
  return proof == "alone" || (proof == "title" && name.size() > 1);
}

}  // namespace

bool is_given_name(std::string_view word) { return given_names().contains(normal_form(word)); }

bool is_place_word(std::string_view word) {
  static const auto all = listed_forms(fuse_texts::place_words);
  return all.contains(normal_form(word));
}

bool names_person(std::string_view who, std::string_view seen_as,
                  const std::set<std::string>& common) {
  if (is_brand(who) || who.find_first_of(",;:\"") != std::string_view::npos) return false;
  const Words all = words(who);
  std::vector<Words> names(1);
  for (const std::string_view word : all) {
    if (const std::string form = normal_form(word); form == "and" || form == "&")
      names.emplace_back();
    else
      names.back().push_back(word);
  }
  // "Tom and Ann Lee": the last name is for both.
  if (names.size() > 1 && names.front().size() == 1 && names.back().size() > 1)
    names.front().push_back(names.back().back());
  // Of several people each may be of either sex.
  const std::string_view sex = names.size() > 1 ? "" : sex_of(seen_as);
  return std::all_of(names.begin(), names.end(),
                     [&](const Words& name) { return proves_person(name, sex, common); });
}

bool can_have_one_name(std::string_view seen_as) {
  static const auto nouns =
      stems("baby infant toddler newborn child children kid kids couple team band family");
  return !nouns.contains(stem(seen_as));
}

}  // namespace kale
