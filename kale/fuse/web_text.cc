#include "kale/fuse/web_text.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <set>

#include "kale/fuse/subject.h"
#include "kale/text/lists.h"
#include "kale/text/sentences.h"
#include "kale/text/utf8.h"
#include "kale/text/words.h"

namespace kale {
namespace {

constexpr std::size_t kEntityBytesMax = 8;
constexpr std::size_t kShortWordLetters = 4;  // in capitals these are mostly abbreviations
constexpr std::size_t kCommaPartsMax = 4;     // more of them are a list of search words
constexpr std::size_t kPhrasesMax = 2;
constexpr std::size_t kCommaPartWordsMax = 4;
constexpr std::int64_t kTitleWordsMax = 16;
constexpr std::int64_t kSentenceWordsMax = 40;
constexpr std::int64_t kProseWordsMin = 8;    // with a full stop: a sentence, whatever its verb
constexpr std::int64_t kSearchWordsMax = 10;  // without a small word among them

struct Entity {
  std::string_view name;
  std::string_view text;
};
constexpr std::array<Entity, 16> kEntities = {{{"amp", "&"},
                                               {"quot", "\""},
                                               {"apos", "'"},
                                               {"lt", "<"},
                                               {"gt", ">"},
                                               {"nbsp", " "},
                                               {"ndash", "-"},
                                               {"mdash", "-"},
                                               {"lsquo", "'"},
                                               {"rsquo", "'"},
                                               {"ldquo", "\""},
                                               {"rdquo", "\""},
                                               {"hellip", "..."},
                                               {"copy", ""},
                                               {"reg", ""},
                                               {"trade", ""}}};

std::string decode_entity(std::string_view name) {
  if (name.starts_with('#')) {
    const bool hex = name.size() > 1 && (name[1] == 'x' || name[1] == 'X');
    const std::string_view digits = name.substr(hex ? 2 : 1);
    std::uint32_t code = 0;
    const auto* end = digits.data() + digits.size();
    const auto read = std::from_chars(digits.data(), end, code, hex ? 16 : 10);
    const bool is_character = code >= 0x20 && code < 0x110000 && (code < 0xD800 || code > 0xDFFF);
    if (read.ptr != end || digits.empty() || !is_character) return {};
    std::string out;
    append_code_point(out, static_cast<char32_t>(code));
    return has_control_chars(out) ? " " : out;
  }
  const auto* found = std::find_if(kEntities.begin(), kEntities.end(),
                                   [&](const Entity& entity) { return entity.name == name; });
  if (found == kEntities.end()) return {};
  return found->text.empty() ? " " : std::string(found->text);
}

void replace_all(std::string& text, const RE2& pattern, const char* by) {
  RE2::GlobalReplace(&text, pattern, by);
}

std::string one_pass(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t at = text.find('&');
    out.append(text.substr(0, at));
    if (at == std::string_view::npos) break;
    text.remove_prefix(at);
    const std::size_t end = text.substr(0, kEntityBytesMax + 2).find(';');
    const std::string decoded =
        end == std::string_view::npos ? std::string() : decode_entity(text.substr(1, end - 1));
    out.append(decoded.empty() ? "&" : decoded);
    text.remove_prefix(decoded.empty() ? 1 : end + 1);
  }
  return out;
}

// Marks and small words at a phrase's ends that lead nowhere: "Kingsholm on..." -> "Kingsholm".
std::string tidy_phrase(std::string_view phrase) {
  static const RE2 torn(R"((?i)(?:[ ,;:]+(?:on|in|at|by|of|for|the|a|an|and|or|with|to|from))+$)");
  static const RE2 stock_number(R"((?:^|[ ,#-]+)[0-9]{6,}$)");
  constexpr std::string_view kMarks = " ,;:-|/\\~*_=+>.";
  phrase = trim(phrase);
  while (!phrase.empty() && kMarks.find(phrase.front()) != std::string_view::npos)
    phrase.remove_prefix(1);
  while (!phrase.empty() && kMarks.find(phrase.back()) != std::string_view::npos)
    phrase.remove_suffix(1);
  std::string out(phrase);
  RE2::Replace(&out, stock_number, "");
  RE2::Replace(&out, torn, "");
  // A quote or bracket without its other half.
  if (std::count(out.begin(), out.end(), '"') == 1) std::erase(out, '"');
  if (std::count(out.begin(), out.end(), '(') != std::count(out.begin(), out.end(), ')'))
    std::erase_if(out, [](char c) { return c == '(' || c == ')'; });
  return collapse_spaces(out);
}

// A question, an order or a sentence; what it says is no name to call a thing by.
bool is_statement(std::string_view title) {
  static const RE2 verb(
      R"((?i)\b(?:is|are|was|were|has|have|had|can't|cannot|could|should|must|do|)"
      R"(does|don't|doesn't|did|says|said|shows|gets|goes|takes|makes|wins|beats|closes|opens|)"
      R"(signs [0-9a]|signs one|adds|admits|raises|kisses|joins|brings|gives|receives|unveils|)"
      R"(performs|becomes|announces|launches|reveals|celebrates|plays|poses|arrives|attends|)"
      R"(speaks|looks|wants|)"
      R"(needs|it's|i'm|isn't|won't|let's|you're|we're|they're|that's)\b)");
  // "Will Smith", "James May", "Can of Beans": with a subject before and a verb behind alone.
  static const RE2 helper(R"(\w['\")]? (?:will|may|can) ([a-z]+))");
  static const RE2 opener(R"((?i)^(?:how|what|why|who|when|where|are|is|do|does|i|we|you|my|)"
                          R"(your|never|always|don't|if|this|these|there|it|he|she|they)\b)");
  std::string behind;
  const bool helped = RE2::PartialMatch(title, helper, &behind) && !is_preposition(behind) &&
                      (!is_stop_word(behind) || behind == "be" || behind == "have");
  return helped || title.ends_with('?') || title.ends_with('!') || RE2::PartialMatch(title, verb) ||
         RE2::PartialMatch(title, opener);
}

std::string marked(std::string_view alt_text) {
  static const RE2 doubled_quotes(R"("")");
  static const RE2 tag("</?[A-Za-z][^<>]{0,80}>");
  static const RE2 escaped(R"(\\(['"]))");
  static const RE2 with_mark("(?i) w/+ ?");
  static const RE2 hashtag(R"(#([A-Za-z]))");
  static const RE2 address(R"((?i)\b(?:https?://|www\.)[^ ]*)");
  static const RE2 marks("[\u00AE\u2122\u00A9\u2605\u2606]");
  static const RE2 dots("(?:\\.\\.+|\u2026)");
  static const RE2 separator(
      "(?: [-\u2013\u2014/:~]+ | ?[|\u00B7\u2022\u00BB\u203A]+ ?|::| -- ?|: )");
  std::string text = without_entities(alt_text);
  text = without_file_name(collapse_spaces(text));
  if (text.size() > 1 && text.front() == '"' && text.back() == '"')
    text = text.substr(1, text.size() - 2);
  replace_all(text, escaped, "\\1");
  replace_all(text, with_mark, " with ");
  replace_all(text, tag, " | ");
  replace_all(text, doubled_quotes, "\"");
  replace_all(text, address, " ");
  replace_all(text, hashtag, "\\1");
  replace_all(text, marks, " ");
  replace_all(text, dots, " ");
  text = without_shouting(collapse_spaces(text));
  replace_all(text, separator, "\n");
  return text;
}

// Brackets become phrases of their own, separators end one.
std::vector<std::string> cut(std::string_view text) {
  std::vector<std::string> parts(1);
  std::vector<std::string> bracketed;
  bool inside = false;
  for (const char c : text) {
    if (c == '(' || c == '[' || c == '{') {
      inside = true;
      bracketed.emplace_back();
    } else if (c == ')' || c == ']' || c == '}') {
      inside = false;
    } else if (c == '\n') {
      inside = false;
      parts.insert(parts.end(), bracketed.begin(), bracketed.end());
      bracketed.clear();
      parts.emplace_back();
    } else {
      (inside ? bracketed.back() : parts.back()).push_back(c);
    }
  }
  parts.insert(parts.end(), bracketed.begin(), bracketed.end());
  return parts;
}

// "Red Shoes, Shoes Women, Party Shoes, Shoes Sale, Shoe Shop" is no title; its first part is.
std::string without_search_words(std::string_view phrase) {
  std::size_t parts = 0;
  std::size_t end = 0;
  for (std::size_t at = phrase.find(", "); at != std::string_view::npos;
       at = phrase.find(", ", at + 2))
    if (++parts == 2) end = at;
  if (parts >= kCommaPartsMax) phrase = phrase.substr(0, end);
  const auto all = words(phrase);
  const bool heaped = std::none_of(all.begin(), all.end(), is_stop_word);
  return std::string(heaped ? first_words(phrase, kSearchWordsMax) : phrase);
}

// "at 827 San Bruno Avenue": a place or a day, which goes on behind the comma.
bool ends_in_a_place(std::string_view title) {
  static const RE2 place(R"( (?i:in|at|on|near|over|from|to|of|above) (?:[A-Z0-9][\w.'-]* ?)+$)");
  return RE2::PartialMatch(title, place);
}

// "Darryl Young, Chevrolet Lacetti" is a title and what else is said of it. A list with "and", a
// date, a sentence, and the place behind a place ("near Darmstadt, Germany") stay as they are.
void take_comma_parts(WebText& web) {
  const auto text = std::string_view(web.title);
  if (text.find('"') != std::string_view::npos) return;
  std::vector<std::string> parts;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find(", ", at), text.size());
    parts.emplace_back(trim(text.substr(at, end - at)));
    at = end + 2;
  }
  if (parts.size() < 2 || parts.size() > kPhrasesMax + 1) return;
  static const RE2 year_or_state("[A-Z]{2}(?: [0-9]+)?|[0-9]{4}");
  if (words(parts.front()).size() < 2 || content_words(parts.front()).empty() ||
      ends_in_a_place(parts.front()))
    return;
  for (std::size_t i = 1; i < parts.size(); ++i) {
    const auto all = words(parts[i]);
    if (all.empty() || all.size() > kCommaPartWordsMax || parts[i].find('&') != std::string::npos ||
        RE2::FullMatch(parts[i], year_or_state) ||
        std::any_of(all.begin(), all.end(), is_stop_word))
      return;
  }
  web.phrases.assign(std::make_move_iterator(parts.begin() + 1),
                     std::make_move_iterator(parts.end()));
  web.title = std::move(parts.front());
}

}  // namespace

std::string without_entities(std::string_view text) {
  // Twice, since pages encode what was encoded before: "&amp;quot;".
  return one_pass(one_pass(text));
}

std::string without_file_name(std::string_view text) {
  static const RE2 ending(R"((?i)\.(?:jpe?g|png|gif|webp|bmp|tiff?|svg)$)");
  std::string name(trim(text));
  const bool had_ending = RE2::Replace(&name, ending, "");
  const bool one_word = name.find(' ') == std::string::npos;
  const bool joined = one_word && std::count_if(name.begin(), name.end(),
                                                [](char c) { return c == '-' || c == '_'; }) > 1;
  if (!had_ending && !joined && name.find('_') == std::string::npos) return name;
  for (char& c : name)
    if (c == '_' || (c == '-' && (one_word || joined))) c = ' ';
  return collapse_spaces(name);
}

std::string without_shouting(std::string_view text) {
  std::size_t letters = 0;
  std::size_t capitals = 0;
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = next_code_point(text, at);
    letters += is_letter(c) ? 1 : 0;
    capitals += is_upper(c) ? 1 : 0;
  }
  if (word_count(text) < 3 || capitals * 10 < letters * 7) return std::string(text);
  std::string out;
  std::size_t copied = 0;
  for (const std::string_view word : words(text)) {
    const auto begin = static_cast<std::size_t>(word.data() - text.data());
    if (has_digit(word) || (word.size() < kShortWordLetters && !is_stop_word(word))) continue;
    std::size_t second = 0;
    next_code_point(word, second);
    out.append(text.substr(copied, begin - copied));
    const std::string small = fold_case(word);
    if (is_stop_word(word) && begin > 0) {
      out.append(small);
    } else {
      out.append(word.substr(0, second)).append(fold_case(word.substr(second)));
    }
    copied = begin + word.size();
  }
  return out.append(text.substr(copied));
}

std::string WebText::text() const {
  std::string all = title;
  for (const std::string& phrase : phrases) all.append(", ").append(phrase);
  return all;
}

WebTextRules::WebTextRules(std::vector<std::unique_ptr<re2::RE2>> boilerplate)
    : boilerplate_(std::move(boilerplate)) {}
WebTextRules::WebTextRules(WebTextRules&&) noexcept = default;
WebTextRules::~WebTextRules() = default;

Result<WebTextRules> WebTextRules::parse(std::string_view boilerplate_list) {
  std::vector<std::unique_ptr<re2::RE2>> patterns;
  RE2::Options options;
  options.set_case_sensitive(false);
  options.set_log_errors(false);
  for (const auto& line : list_lines(boilerplate_list)) {
    patterns.push_back(std::make_unique<RE2>(line, options));
    if (!patterns.back()->ok())
      return Error{Code::kBadConfig,
                   fmt::format("web_boilerplate.txt: \"{}\" is no RE2 regular expression: {}", line,
                               patterns.back()->error())};
  }
  return WebTextRules(std::move(patterns));
}

std::string WebTextRules::without_boilerplate(std::string_view phrase) const {
  std::string out(phrase);
  for (const auto& pattern : boilerplate_) RE2::GlobalReplace(&out, *pattern, " ");
  return out;
}

WebText WebTextRules::split(std::string_view alt_text) const {
  WebText web;
  std::set<std::string> told;
  std::size_t phrases_max = kPhrasesMax;
  for (const std::string& part : cut(marked(alt_text))) {
    std::string phrase = tidy_phrase(without_boilerplate(collapse_spaces(part)));
    if (content_words(phrase).empty()) continue;
    // "Cheesecake topped with sauce." is a name with a full stop, unless it is too long for one.
    const bool prose = trim(part).ends_with('.') && word_count(phrase) >= kProseWordsMin &&
                       (is_clause(phrase) || word_count(phrase) > kTitleWordsMax);
    const bool states = web.title.empty() && (prose || is_statement(phrase));
    const auto parts = sentences(phrase);
    if (parts.size() > 1 && (!states || word_count(parts.front()) >= kProseWordsMin))
      phrase = tidy_phrase(parts.front());
    phrase = tidy_phrase(without_search_words(phrase));
    phrase = tidy_phrase(first_words(phrase, states ? kSentenceWordsMax : kTitleWordsMax));
    const auto said = content_stems(phrase);
    const bool adds = std::any_of(said.begin(), said.end(),
                                  [&](const auto& stem) { return !told.contains(stem); });
    if (!adds) continue;
    told.insert(said.begin(), said.end());
    if (web.title.empty()) {
      web.states = states;
      web.title = std::move(phrase);
      if (!states) take_comma_parts(web);
      phrases_max += web.phrases.size();
    } else if (web.phrases.size() < phrases_max) {
      web.phrases.push_back(std::move(phrase));
    }
  }
  return web;
}

}  // namespace kale
