#include "kale/world/compose/lexicon.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <map>

#include "kale/core/check.h"
#include "kale/text/lists.h"
#include "kale/world/compose/chance.h"
#include "kale/world/compose/texts.h"
#include "kale/world/scene/table.h"

namespace kale::world {
namespace {

using Lists = std::map<std::string, std::vector<std::string>, std::less<>>;

const Lists& lists() {
  static const Lists all = [] {
    Lists made;
    for (const std::string& line : list_lines(world_compose_texts::lexicon)) {
      const std::vector<std::string_view> fields = split_at(line, '\t');
      KALE_CHECK(fields.size() == 2, "lexicon.tsv: " + line);
      made[std::string(fields[0])].emplace_back(fields[1]);
    }
    return made;
  }();
  return all;
}

std::string made_up_name(Rng& rng) {
  static const std::vector<std::string> kBegin = {
      "Bra", "Cal", "Dor", "El",   "Fen", "Gar", "Hol", "Il", "Jor", "Kel", "Lun", "Mar",
      "Nor", "Ost", "Pel", "Quin", "Ros", "Sel", "Tor", "Ul", "Ven", "Wil", "Yar", "Zan"};
  static const std::vector<std::string> kMiddle = {"",   "",   "",   "a", "be", "da", "i",
                                                   "lo", "mi", "na", "o", "ri", "ta", "ve"};
  static const std::vector<std::string> kEnd = {
      "beck", "dale", "den", "dor",  "field", "ford", "ham", "ick", "ley", "lin",
      "mond", "mor",  "nes", "rath", "sey",   "stad", "ton", "vik", "wen", "wick"};
  return pick(rng, kBegin) + pick(rng, kMiddle) + pick(rng, kEnd);
}

std::string upper(std::string text) {
  std::ranges::transform(text, text.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return text;
}

std::string filler(std::string_view word, Rng& rng) {
  if (word == "Name") return made_up_name(rng);
  if (word == "NAME") return upper(made_up_name(rng));
  if (word == "number") return fmt::format("{}", whole(rng, 10, 199));
  if (word == "digit") return fmt::format("{}", whole(rng, 2, 9));
  if (word == "price") {
    constexpr std::array kCents = {0, 25, 49, 50, 75, 90, 95, 99};
    return fmt::format("${}.{:02}", whole(rng, 1, 39), kCents[rng.below(kCents.size())]);
  }
  if (word == "time") return fmt::format("{}:{:02}", whole(rng, 6, 22), whole(rng, 0, 11) * 5);
  if (word == "percent") return fmt::format("{}%", whole(rng, 1, 15) * 5);
  if (word == "year") return fmt::format("{}", whole(rng, 1850, 2019));
  return from_list(word, rng);
}

std::vector<std::string> strings(std::string_view field, char mark) {
  std::vector<std::string> list;
  for (std::string_view word : split_at(field, mark)) list.emplace_back(word);
  return list;
}

int number_in(std::string_view field) {
  int value = 0;
  const auto [rest, error] = std::from_chars(field.data(), field.data() + field.size(), value);
  KALE_CHECK(error == std::errc(), "charts.tsv: a number is none");
  return value;
}

}  // namespace

std::string from_list(std::string_view list, Rng& rng) {
  const auto found = lists().find(list);
  KALE_CHECK(found != lists().end(), fmt::format("lexicon.tsv has no list '{}'", list));
  return filled(pick(rng, found->second), rng);
}

std::string filled(std::string_view form, Rng& rng) {
  std::string out;
  for (std::size_t at = 0; at < form.size();) {
    const std::size_t open = std::min(form.find('{', at), form.size());
    out += form.substr(at, open - at);
    if (open == form.size()) break;
    const std::size_t close = form.find('}', open);
    KALE_CHECK(close != std::string_view::npos, fmt::format("a brace is not closed: {}", form));
    out += filler(form.substr(open + 1, close - open - 1), rng);
    at = close + 1;
  }
  return out;
}

const std::vector<std::vector<std::string>>& sign_forms() {
  static const std::vector<std::vector<std::string>> all = [] {
    std::vector<std::vector<std::string>> made;
    for (const std::string& line : list_lines(world_compose_texts::signs))
      made.push_back(strings(line, '\t'));
    return made;
  }();
  return all;
}

const std::vector<TableForm>& table_forms() {
  static const std::vector<TableForm> all = [] {
    std::vector<TableForm> made;
    for (const std::string& line : list_lines(world_compose_texts::tables)) {
      const std::vector<std::string> fields = strings(line, '\t');
      KALE_CHECK(fields.size() == 4, "tables.tsv: " + line);
      made.push_back({fields[0], strings(fields[1], ','), fields[2], strings(fields[3], ';')});
      KALE_CHECK(made.back().columns.size() == made.back().cells.size() + 1, "tables.tsv: " + line);
    }
    return made;
  }();
  return all;
}

const std::vector<ChartForm>& chart_forms() {
  static const std::vector<ChartForm> all = [] {
    std::vector<ChartForm> made;
    for (const std::string& line : list_lines(world_compose_texts::charts)) {
      const std::vector<std::string> fields = strings(line, '\t');
      KALE_CHECK(fields.size() == 5, "charts.tsv: " + line);
      made.push_back({fields[0], fields[1], fields[2], number_in(fields[3]), number_in(fields[4])});
    }
    return made;
  }();
  return all;
}

std::vector<std::string> entries(std::string_view what, std::size_t count, Rng& rng) {
  std::vector<std::string> all;
  if (what == "{Name}") {
    while (all.size() < count) {
      const std::string name = made_up_name(rng);
      if (std::ranges::find(all, name) == all.end()) all.push_back(name);
    }
    return all;
  }
  const auto found = lists().find(what);
  all = found != lists().end() ? found->second : strings(what, ',');
  count = std::min(count, all.size());
  const std::size_t first = rng.below(all.size() - count + 1);
  return {all.begin() + static_cast<std::ptrdiff_t>(first),
          all.begin() + static_cast<std::ptrdiff_t>(first + count)};
}

}  // namespace kale::world
