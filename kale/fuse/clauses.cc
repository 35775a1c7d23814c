#include "kale/fuse/clauses.h"

#include <re2/re2.h>

#include <algorithm>
#include <array>

#include "kale/text/utf8.h"
#include "kale/text/words.h"

namespace kale {
namespace {

constexpr std::array<std::string_view, 12> kColours = {"black", "white", "grey",   "gray",
                                                       "red",   "green", "blue",   "yellow",
                                                       "brown", "beige", "orange", "pink"};

void add(std::string& sayings, std::string_view start, std::string_view saying) {
  if (trim(saying).empty()) return;
  std::string sentence = std::string(start) + std::string(trim(saying)) + ".";
  if (says_nothing(sentence)) return;
  sayings.append(sayings.empty() ? "" : " ").append(sentence);
}

// "[name] that is red is shown on a table": the thing is the sentence's subject.
bool take_from_subject(std::string& sentence, std::string& sayings) {
  static const RE2 relative(R"(^((?:(?:In|On|At|Against|Set) [^,]+, )?)"
                            R"((?:\[name\]|(?:An?|The|This|an?|the|this) [^,]+?)),?)"
                            R"( (?:that|which) is (.+?),? ((?:is|takes|covers|fills) .+)$)");
  static const RE2 verb_before(R"(\b(?:is|shows|of)\b)");
  std::string head;
  std::string saying;
  std::string rest;
  if (!RE2::FullMatch(sentence, relative, &head, &saying, &rest)) return false;
  if (RE2::PartialMatch(head, verb_before) || saying.ends_with(" and")) return false;
  add(sayings, "It is ", saying);
  sentence = head + " " + rest;
  return true;
}

// "This photo shows [name] that is red": the thing ends the main clause.
void take_from_object(std::string& sentence, std::string& sayings) {
  static const RE2 idle(R"(,? (?:(?:that|which) )?(?:is|are) (?:shown|seen|set|pictured))"
                        R"(( (?:against|in|on|at) [^.]*[.])$)");
  static const RE2 relative(R"(^(.*?\b(?:shows|is|of) .*?),? (?:that|which) (?:is|are) (.+)[.]$)");
  static const RE2 verb_again(R"(^(.*?\bshows (?:\[name\]|an? [^,]+?)),? is (.+)[.]$)");
  static const RE2 apposition(
      R"(^(.*?\b(?:shows|is|of) .*?), ((?:mostly|mainly|nearly|almost|partly) .+)[.]$)");
  static const RE2 setting(R"(^(.*?),? (against [^,]+)$)");
  static const RE2 main_verb(
      R"(\b(?:shows|This is|(?:photo|photograph|picture|image|drawing|illustration) of)\b)");
  if (!RE2::PartialMatch(sentence, main_verb)) return;
  RE2::Replace(&sentence, idle, R"(\1)");
  std::string head;
  std::string saying;
  if (!RE2::FullMatch(sentence, relative, &head, &saying) &&
      !RE2::FullMatch(sentence, verb_again, &head, &saying) &&
      !RE2::FullMatch(sentence, apposition, &head, &saying))
    return;
  std::string ground;
  std::string before;
  if (RE2::FullMatch(saying, setting, &before, &ground)) {
    saying = before;
    head += " " + ground;
  }
  add(sayings, "It is ", saying);
  sentence = head + ".";
}

}  // namespace

bool is_colour(std::string_view word) {
  const std::string form = normal_form(word);
  return form == "purple" || std::find(kColours.begin(), kColours.end(), form) != kColours.end();
}

bool says_nothing(std::string_view sentence) {
  static const RE2 idle(R"((?i)\s*(?:it is|they are) (?:shown|seen|set|pictured|displayed|placed|)"
                        R"(depicted|visible|there|something)[.]?\s*)");
  return RE2::FullMatch(sentence, idle);
}

std::optional<PlainClause> plain_clause(std::string_view sentence) {
  static const RE2 ground(R"((?i)(?:set )?(against an? [a-z ]*background))");
  static const RE2 place(R"((?i)\b(in the [a-z]+ of the [a-z]+ frame|in the [a-z]+ frame))");
  static const RE2 kind(R"((?i)\b(photograph|photo|picture|image|drawing|illustration)\b)");
  static const RE2 only_name(R"((?i)(?:this|an?|in|is|of|shows|shown|set|\[name\]|[ ,.])+)");
  static const RE2 of_subject(R"(\[name\] is (.+)[.])");
  if (sentence.find(kNameMark) == std::string_view::npos) return std::nullopt;
  PlainClause plain{"This is [name].", ""};
  std::string rest(sentence);
  std::string found;
  if (RE2::PartialMatch(rest, kind, &found)) {
    RE2::GlobalReplace(&rest, kind, "");
    plain.sentence = "This " + normal_form(found) + " shows [name].";
  }
  if (RE2::PartialMatch(rest, place, &found)) {
    RE2::Replace(&rest, place, "");
    add(plain.sayings, "It is ", normal_form(found));
  }
  if (RE2::PartialMatch(rest, ground, &found)) {
    RE2::Replace(&rest, ground, "");
    add(plain.sayings, "It is set ", normal_form(found));
  }
  if (RE2::FullMatch(rest, only_name)) return plain;
  if (!RE2::FullMatch(sentence, of_subject, &found)) return std::nullopt;
  return PlainClause{"This is [name].", "It is " + found + "."};
}

std::string mark_unnamed(std::string& sentence) {
  static const RE2 coloured(
      R"((?i)\b(?:an?|the|this) ((?:(?:black|white|gr[ea]y|red|green|blue|yellow|brown|beige)"
      R"(|orange|pink|purple|light|dark)(?:,? and |, | ))+)(?:subject|object)\b)");
  static const RE2 plain(R"((?i)\b(?:(?:an?|the|this) (?:subject|object)|something)\b)");
  const std::string mark(kNameMark);
  std::string colours;
  std::string sayings;
  if (RE2::PartialMatch(sentence, coloured, &colours)) {
    RE2::Replace(&sentence, coloured, mark);
    add(sayings, "It is ", colours);
  } else {
    RE2::Replace(&sentence, plain, mark);
  }
  return sayings;
}

std::string take_quoted(std::string& sentence) {
  static const RE2 quoted(R"(,? (?:(?:that|which|and) (?:reads|says)|(?:with|bearing|showing) the)"
                          R"( (?:text|words?)) (["\x{201C}][^"\x{201D}]*(?:["\x{201D}]|$)[.]?))");
  std::string quote;
  if (!RE2::PartialMatch(sentence, quoted, &quote)) return {};
  RE2::Replace(&sentence, quoted, "");
  if (!sentence.ends_with('.')) sentence += '.';
  return "It reads " + quote + (quote.ends_with('.') ? "" : ".");
}

std::string take_sayings(std::string& sentence) {
  static const RE2 second(
      R"(^(.+?),? and (it|the subject|)(?: |\b)((?:is|takes|covers|fills) .*)[.]$)");
  std::string tail;
  std::string head;
  std::string subject;
  std::string saying;
  std::string out;
  const bool split = RE2::FullMatch(sentence, second, &head, &subject, &saying);
  if (split) {
    sentence = head + ".";
    add(tail, "It ", saying);
  }
  if (!take_from_subject(sentence, out)) take_from_object(sentence, out);
  return out.empty() || tail.empty() ? out + tail : out + " " + tail;
}

}  // namespace kale
