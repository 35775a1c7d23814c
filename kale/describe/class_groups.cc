#include "kale/describe/class_groups.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "kale/core/ascii.h"

namespace kale::describe {
namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front())) != 0)
    text.remove_prefix(1);
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back())) != 0)
    text.remove_suffix(1);
  return text;
}

// "kite (bird of prey)" is said "kite", "tench, Tinca tinca" is said "tench".
std::string_view said_name(std::string_view name) {
  return trimmed(name.substr(0, std::min({name.find(" ("), name.find(','), name.find(" / ")})));
}

}  // namespace

std::string with_article(std::string_view noun) {
  static constexpr std::array<std::string_view, 7> kYouSound{"uni",  "use", "ukulele", "euro",
                                                             "ewer", "one", "utensil"};
  static constexpr std::array<std::string_view, 3> kSilentH{"hour", "heir", "honest"};
  std::string lower = lower_ascii(noun);
  auto begins = [&](std::string_view prefix) { return lower.starts_with(prefix); };
  bool vowel = !lower.empty() && std::string_view("aeiou").find(lower[0]) != std::string_view::npos;
  if (std::ranges::any_of(kYouSound, begins)) vowel = false;
  if (std::ranges::any_of(kSilentH, begins)) vowel = true;
  return fmt::format("{} {}", vowel ? "an" : "a", noun);
}

Result<ClassGroups> ClassGroups::parse(std::string_view text) {
  ClassGroups groups;
  ClassKind current;
  int line_number = 0;
  while (!text.empty()) {
    std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    ++line_number;
    if (line.empty() || line.starts_with('#')) continue;
    if (line.starts_with('[')) {
      std::size_t split = line.find('<');
      if (!line.ends_with(']') || split == std::string_view::npos)
        return Error{Code::kBadConfig,
                     fmt::format("class groups, line {}: \"{}\" is not [kind < wider kind]",
                                 line_number, line)};
      current.kind = trimmed(line.substr(1, split - 1));
      current.wider = trimmed(line.substr(split + 1, line.size() - split - 2));
      groups.kinds_[current.kind] = current.wider;
      continue;
    }
    while (!line.empty()) {
      std::size_t stop = std::min(line.find(';'), line.size());
      std::string_view entry = trimmed(line.substr(0, stop));
      line.remove_prefix(std::min(stop + 1, line.size()));
      if (entry.empty()) continue;
      current.doubted = entry.ends_with('?');
      if (current.doubted) entry.remove_suffix(1);
      std::size_t equals = entry.find('=');
      std::string_view name = trimmed(entry.substr(0, equals));
      current.phrase = equals == std::string_view::npos ? with_article(said_name(name))
                                                        : trimmed(entry.substr(equals + 1));
      groups.classes_[lower_ascii(name)] = current;
    }
  }
  return groups;
}

ClassKind ClassGroups::find(std::string_view class_name) const {
  auto exact = classes_.find(lower_ascii(class_name));
  if (exact != classes_.end()) return exact->second;
  std::string name = lower_ascii(said_name(class_name));
  auto said = classes_.find(name);
  if (said != classes_.end()) return said->second;
  ClassKind kind{.phrase = with_article(said_name(class_name)), .kind = "", .wider = ""};
  std::string last = name.substr(name.rfind(' ') + 1);
  auto kin = kinds_.find(last);
  if (kin != kinds_.end()) {
    kind.kind = kin->first;
    kind.wider = kin->second;
  }
  return kind;
}

}  // namespace kale::describe
