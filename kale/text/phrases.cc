#include "kale/text/phrases.h"

#include <re2/re2.h>

#include <algorithm>

#include "kale/core/check.h"
#include "kale/text/lists.h"
#include "kale/text/utf8.h"

namespace kale {
namespace {

RE2::Options bytes_as_they_are() {
  RE2::Options options(RE2::Latin1);
  options.set_literal(true);
  options.set_log_errors(false);
  return options;
}

std::string with_blanks(std::string text) {
  std::replace(text.begin(), text.end(), '-', ' ');
  return text;
}

}  // namespace

PhraseSet::PhraseSet(std::string_view list) : set_(bytes_as_they_are(), RE2::UNANCHORED) {
  for (const auto& line : list_lines(list)) {
    phrases_.push_back(normal_form(line));
    KALE_CHECK(set_.Add(phrases_.back(), nullptr) >= 0, "RE2 takes every literal");
  }
  KALE_CHECK(set_.Compile(), "RE2 compiles a list of literals");
}

std::string_view PhraseSet::first_in(std::string_view text, std::string_view given) const {
  if (phrases_.empty()) return {};
  const std::string form = normal_form(text);
  std::vector<int> found;
  RE2::Set::ErrorInfo error{};
  if (!set_.Match(form, &found, &error)) {
    if (error.kind == RE2::Set::kNoError) return {};
    found.resize(phrases_.size());  // RE2 ran out of memory for its table: try them all
    for (std::size_t i = 0; i < found.size(); ++i) found[i] = static_cast<int>(i);
  }
  std::sort(found.begin(), found.end());
  const std::string excuse = found.empty() ? std::string() : with_blanks(normal_form(given));
  for (const int index : found) {
    const std::string& phrase = phrases_[static_cast<std::size_t>(index)];
    if (holds_phrase(form, phrase) && !holds_phrase(excuse, with_blanks(phrase))) return phrase;
  }
  return {};
}

}  // namespace kale
