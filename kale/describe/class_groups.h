// Which kind of thing a class is, and how its name is said. From class_groups.txt.
// Errors   kBadConfig, naming the line, when the text has another form
// Threads  read-only once parsed
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "kale/core/result.h"

namespace kale::describe {

struct ClassKind {
  std::string phrase;    // "a king penguin", "a pair of jeans", "hay"
  std::string kind;      // "bird"; empty where the class has no kin
  std::string wider;     // "animal"
  bool doubted = false;  // a class that the classifier names far too readily
};

class ClassGroups {
 public:
  static Result<ClassGroups> parse(std::string_view text);

  // A name that the table lacks gets an article, and its last word as kind where that is one
  // ("manx cat").
  ClassKind find(std::string_view class_name) const;
  std::size_t size() const { return classes_.size(); }

 private:
  std::map<std::string, ClassKind, std::less<>> classes_;  // by name in lower case
  std::map<std::string, std::string, std::less<>> kinds_;  // kind -> wider kind
};

// "an owl", "a unicorn", "an hourglass": by the sound of the first word as far as rules go.
std::string with_article(std::string_view noun);

}  // namespace kale::describe
