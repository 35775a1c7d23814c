// Web alt-text as it is found: "Flip Flops &amp; More - Royalty Free Stock Photo | Shop.com". Its
// wording is kept, its noise goes: entities, file names, hashtags, shouting, addresses, boilerplate
// (web_boilerplate.txt); and it is cut into the phrases that separators and brackets mark.
// Errors   kBadConfig for a line of the list that is no regular expression
// Threads  const after parse()
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "kale/core/result.h"

namespace re2 {
class RE2;
}

namespace kale {

struct WebText {
  std::string title;                 // the first phrase; empty where nothing is left
  std::vector<std::string> phrases;  // what stood behind separators or in brackets
  bool states = false;               // the title is a sentence or a question, not a name
  std::string text() const;          // the title and the phrases, comma-separated
};

class WebTextRules {
 public:
  WebTextRules(WebTextRules&&) noexcept;
  ~WebTextRules();
  static Result<WebTextRules> parse(std::string_view boilerplate_list);

  WebText split(std::string_view alt_text) const;

 private:
  explicit WebTextRules(std::vector<std::unique_ptr<re2::RE2>> boilerplate);
  std::string without_boilerplate(std::string_view phrase) const;

  std::vector<std::unique_ptr<re2::RE2>> boilerplate_;
};

// "&quot;", "&#39;", "&amp;amp;" as what they stand for; an unknown entity stays.
std::string without_entities(std::string_view text);

// A file's name as words: "Smoke_Dungeon-2.png" is "Smoke Dungeon 2". Other text stays as it is.
std::string without_file_name(std::string_view text);

// Words in capitals get small letters behind the first where most of a text of several words is
// written in capitals; words with a digit and short ones ("BMW") stay.
std::string without_shouting(std::string_view text);

}  // namespace kale
