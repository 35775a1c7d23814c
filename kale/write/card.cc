#include "kale/write/card.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <tuple>
#include <utility>
#include <vector>

#include "kale/core/check.h"
#include "kale/write/texts.h"

namespace kale {
namespace {

using nlohmann::json;

constexpr std::size_t kLicencesShown = 20;

std::string joined(const std::set<std::string>& texts, std::string_view none) {
  std::string all;
  for (const std::string& text : texts) all += (all.empty() ? "" : ", ") + text;
  return all.empty() ? std::string(none) : all;
}

// 1234567 -> "1,234,567"; counts are never negative.
std::string grouped(std::int64_t number) {
  std::string tail;
  for (; number >= 1000; number /= 1000) tail = fmt::format(",{:03}{}", number % 1000, tail);
  return fmt::format("{}{}", number, tail);
}

std::string cell(std::string text) {
  for (std::size_t at = 0; (at = text.find_first_of("|\n\r", at)) != std::string::npos; ++at)
    text[at] = text[at] == '|' ? '/' : ' ';
  return text;
}

std::string share(std::int64_t part, std::int64_t whole) {
  if (whole == 0) return "";
  return fmt::format("{:.1f} %", 100 * static_cast<double>(part) / static_cast<double>(whole));
}

// What all shards' provenances say, each fact once.
struct Makers {
  std::set<std::string> versions;
  std::set<std::string> recipes;
  std::set<std::string> seeds;
  std::map<std::string, std::set<std::string>> models;                 // step -> ids
  std::set<std::tuple<std::string, std::string, std::string>> hashes;  // step, what, hash
};

std::string text_of(const json& object, const char* key) {
  auto value = object.find(key);
  if (value == object.end()) return "";
  return value->is_string() ? value->get<std::string>() : value->dump();
}

void add_maker(Makers& makers, const std::string& provenance) {
  json object = json::parse(provenance, nullptr, false);
  if (!object.is_object()) return;
  makers.versions.insert(text_of(object, "kale"));
  makers.recipes.insert(text_of(object, "recipe"));
  makers.seeds.insert(text_of(object, "seed"));
  const json steps = object.value("steps", json::object());
  for (const auto& [step, what] : steps.items()) {
    if (!what.is_object()) continue;
    const json models = what.value("models", json::array());
    for (const json& model : models) {
      if (!model.is_object()) continue;
      makers.models[step].insert(text_of(model, "id"));
      makers.hashes.emplace(step, text_of(model, "id"), text_of(model, "xxh128"));
    }
    const json prompts = what.value("prompts", json::array());
    for (const json& prompt : prompts)
      if (prompt.is_string()) makers.hashes.emplace(step, "prompt or word list", prompt);
  }
}

std::string text_row(std::string_view name, const TextStatistics& text, std::string_view knowledge,
                     const std::string& maker) {
  return fmt::format("| `{}` | {} | {:.2f} | {}{} | {} | {} |\n", name, grouped(text.rows),
                     text.words_per_row(), text.vocabulary.exact() ? "" : "about ",
                     grouped(text.vocabulary.size()), knowledge, cell(maker));
}

std::string texts_table(const Card& card, Makers& makers) {
  const DatasetStatistics& all = card.statistics;
  std::set<std::string>& captioners = makers.models["fuse"];
  captioners.merge(makers.models["caption"]);
  return text_row("alt_text", all.alt_text, "yes", "whoever published the picture") +
         text_row("caption_dense", all.caption_dense, "no",
                  joined(makers.models["describe"], "a template")) +
         text_row("caption", all.caption, "yes", joined(captioners, "a template"));
}

std::string made_by(const Makers& makers) {
  if (makers.versions.empty()) return "No provenance was recorded.";
  return fmt::format("kale {}, recipe `{}`, seed {}.", joined(makers.versions, "?"),
                     joined(makers.recipes, "?"), joined(makers.seeds, "?"));
}

std::string models_table(const Makers& makers) {
  if (makers.hashes.empty()) return "No model was asked.";
  std::string table = "| step | used | hash (xxh128) |\n|---|---|---|\n";
  for (const auto& [step, what, hash] : makers.hashes)
    table += fmt::format("| {} | {} | `{}` |\n", cell(step), cell(what), cell(hash));
  return table;
}

std::string fallbacks_table(const DatasetStatistics& all) {
  std::string table = "| column | value | rows | share |\n|---|---|---|---|\n";
  for (const auto& [column, values] :
       {std::pair("described_by", &all.described_by), std::pair("fused_by", &all.fused_by),
        std::pair("cleaned_by", &all.cleaned_by)})
    for (const auto& [value, rows] : *values)
      table += fmt::format("| `{}` | {} | {} | {} |\n", column, cell(value), grouped(rows),
                           share(rows, all.rows));
  return table;
}

std::string reasons_table(const std::map<std::string, std::int64_t>& reasons) {
  if (reasons.empty()) return "None was left out.";
  std::string table = "| fate | reason | rows |\n|---|---|---|\n";
  for (const auto& [reason, rows] : reasons) {
    bool dropped = reason.starts_with("drop:");
    std::string name = reason.substr(std::min(reason.find(':') + 1, reason.size()));
    table += fmt::format("| {} | `{}` | {} |\n", dropped ? "dropped" : "failed", cell(name),
                         grouped(rows));
  }
  return table;
}

std::string licences_table(const DatasetStatistics& all) {
  std::vector<std::pair<std::string, std::int64_t>> licences(all.licences.begin(),
                                                             all.licences.end());
  std::stable_sort(licences.begin(), licences.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  std::string table = "| licence | rows |\n|---|---|\n";
  std::int64_t others = 0;
  for (std::size_t i = 0; i < licences.size(); ++i)
    if (i < kLicencesShown)
      table += fmt::format("| {} | {} |\n", cell(licences[i].first), grouped(licences[i].second));
    else
      others += licences[i].second;
  if (others > 0)
    table += fmt::format("| {} others | {} |\n", licences.size() - kLicencesShown, grouped(others));
  return table;
}

// Of BLIP3-KALE: describe and fuse, or a student that learnt from such captions.
std::string_view stages(const DatasetStatistics& all) {
  const auto student = all.fused_by.find("student");
  if (student == all.fused_by.end()) return "the first stage";
  return student->second == all.rows ? "the second stage" : "the two stages";
}

std::string formats_list(const Card& card) {
  std::string list;
  for (const FormatInfo* format : card.formats)
    list += fmt::format("{}{}\n", list.empty() ? "" : "\n", format->card);
  return list;
}

std::string image_row(const Card& card) {
  if (!card.image_bytes) return "";
  std::string row = "\n| `image` | the encoded picture, as it was |";
  if (card.pictures_not_raster == 0) return row;
  row.resize(row.size() - std::string_view(" |").size());
  return row + fmt::format(
                   "; {} rows have none there, since image libraries do not read theirs: "
                   "SVG and unknown formats |",
                   grouped(card.pictures_not_raster));
}

std::string_view pictures_note(const Card& card) {
  return card.image_bytes ? "they are part of this dataset under those"
                          : "they are not part of this dataset, only their places and hashes are";
}

using Slots = std::map<std::string, std::string, std::less<>>;

std::string fill_slots(std::string_view text, const Slots& slots) {
  std::string filled;
  while (true) {
    std::size_t open = text.find("{{");
    if (open == std::string_view::npos) return filled.append(text);
    std::size_t close = text.find("}}", open);
    KALE_CHECK(close != std::string_view::npos, "a slot of card.md is not closed");
    auto slot = slots.find(text.substr(open + 2, close - open - 2));
    KALE_CHECK(slot != slots.end(), "card.md has a slot that nothing fills");
    std::string value = slot->second;
    while (value.ends_with('\n')) value.pop_back();  // tables end their last line; so does card.md
    filled.append(text.substr(0, open)).append(value);
    text.remove_prefix(close + 2);
  }
}

// A JSON string is a YAML string.
std::string yaml(const std::string& text) {
  return json(text).dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace

std::string_view card_template() { return write_texts::card; }

std::string size_category(std::int64_t rows) {
  static constexpr std::pair<std::int64_t, const char*> kBelow[] = {
      {1'000, "n<1K"},
      {10'000, "1K<n<10K"},
      {100'000, "10K<n<100K"},
      {1'000'000, "100K<n<1M"},
      {10'000'000, "1M<n<10M"},
      {100'000'000, "10M<n<100M"},
      {1'000'000'000, "100M<n<1B"},
      {10'000'000'000, "1B<n<10B"},
      {100'000'000'000, "10B<n<100B"},
      {1'000'000'000'000, "100B<n<1T"}};
  for (const auto& [below, name] : kBelow)
    if (rows < below) return name;
  return "n>1T";
}

std::string render_card(const Card& card) {
  Makers makers;
  for (const std::string& provenance : card.provenances) add_maker(makers, provenance);
  std::int64_t dropped = 0;
  std::int64_t failed = 0;
  for (const auto& [reason, rows] : card.reasons)
    (reason.starts_with("drop:") ? dropped : failed) += rows;
  std::string rows = grouped(card.statistics.rows);
  Slots slots{
      {"name", card.name},
      {"name_yaml", yaml(card.name)},
      {"licence", card.licence},
      {"licence_yaml", yaml(card.licence)},
      {"language_yaml", yaml(card.language)},
      {"size_category", size_category(card.statistics.rows)},
      {"data_files", std::string(card.formats.front()->data)},
      {"formats_list", formats_list(card)},
      {"image_row", image_row(card)},
      {"pictures_note", std::string(pictures_note(card))},
      {"rows", rows},
      {"rows_in", grouped(card.statistics.rows + dropped + failed)},
      {"dropped", grouped(dropped)},
      {"failed", grouped(failed)},
      {"texts_table", texts_table(card, makers)},
      {"made_by", made_by(makers)},
      {"stages", std::string(stages(card.statistics))},
      {"models_table", models_table(makers)},
      {"fallbacks_table", fallbacks_table(card.statistics)},
      {"reasons_table", reasons_table(card.reasons)},
      {"licences_table", licences_table(card.statistics)},
  };
  return fill_slots(write_texts::card, slots);
}

}  // namespace kale
