#include "kale/world/tell/text_facts.h"

#include <algorithm>
#include <array>

#include "kale/world/scene/chart_values.h"
#include "kale/world/tell/nouns.h"
#include "kale/world/tell/picture_words.h"

namespace kale::world {
namespace {

constexpr int kStatementsMax = 7;    // about one table, chart or page
constexpr std::size_t kListMax = 5;  // labels or header cells that are told in one sentence
constexpr std::array<std::string_view, 10> kOrdinals{
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"};

// Slots that hold something else the next time.
bool changes(std::string_view slot) {
  static constexpr std::array<std::string_view, 13> kChanging{
      "cell",  "row_name", "column_name", "one",     "one_value", "two",      "two_value",
      "place", "label",    "price",       "picture", "sign",      "many_bars"};
  return std::ranges::find(kChanging, slot) != kChanging.end();
}

std::string quoted_list(const std::vector<std::string>& texts) {
  std::vector<std::string> quotes;
  for (const std::string& text : texts) {
    if (!can_quote(text)) return {};
    quotes.push_back(quote(text));
  }
  return join(quotes);
}

void set_quoted(Slots& slots, std::string_view slot, const Text* text) {
  if (text != nullptr && can_quote(text->text)) slots.set(slot, quote(text->text));
}

}  // namespace

TextFacts::TextFacts(const Look& look, Rng& rng) : look_(look), rng_(rng) {
  for (const Text& text : look.scene.texts) {
    if (!can_quote(text.text)) continue;
    if (text.role == TextRole::kSign) {
      if (sign_ == nullptr) {
        sign_ = &text;
        strands_.push_back({"sign_ink", &text, 2});
      } else {
        strands_.push_back({"more_sign", &text});
      }
    }
    if (text.role == TextRole::kLabel) strands_.push_back({"label", &text});
    if (text.role == TextRole::kPriceTag) strands_.push_back({"price", &text});
  }
  const Scene& scene = look.scene;
  bool headed = look.first_text(TextRole::kHeading) != nullptr;
  if (scene.chart && !scene.chart->labels.empty()) {
    strands_.push_back({"chart", nullptr, kStatementsMax});
  } else if (look.rows() > 0) {
    strands_.push_back({"table", nullptr, kStatementsMax});
  } else if (look.first_text(TextRole::kLine) != nullptr) {
    strands_.push_back({"page", nullptr, kStatementsMax});
  } else if (headed) {
    strands_.push_back({"heading", look.first_text(TextRole::kHeading)});
  }
}

std::string TextFacts::opening() const {
  for (const Strand& strand : strands_) {
    if (strand.rule == "chart" || strand.rule == "table" || strand.rule == "page") {
      return "opening_" + strand.rule;
    }
  }
  bool writing_first = look_.scene.layout == Layout::kSign || look_.scene.objects.empty();
  return sign_ != nullptr && writing_first ? "opening_sign" : "";
}

void TextFacts::fill(Slots& slots) {
  fill_chart(slots);
  fill_table(slots);
  fill_page(slots);
  if (sign_ != nullptr) fill_text(*sign_, "sign", slots);
}

void TextFacts::told(const Said& said) {
  for (const std::string& slot : said.used) {
    if (!changes(slot)) said_.insert(slot);
  }
  if (said.holds("cell")) told_.insert(cell_);
  for (const auto& [slot, label] : labels_) {
    if (said.holds(slot)) told_.insert(label);
  }
}

bool TextFacts::has_more() const {
  return std::ranges::any_of(strands_, [](const Strand& one) { return one.left > 0; });
}

Said TextFacts::more(const Grammar& grammar, const Slots& picture) {
  std::vector<Strand*> open;
  for (Strand& strand : strands_) {
    if (strand.left > 0) open.push_back(&strand);
  }
  Strand& strand = *open[rng_.below(open.size())];
  --strand.left;
  Slots slots = picture;
  if (strand.text != nullptr) {
    std::string slot =
        strand.rule == "more_sign" || strand.rule == "sign_ink" ? "sign" : strand.rule;
    fill_text(*strand.text, slot, slots);
    if (strand.rule == "sign_ink" && said_.contains("ink")) slots.drop("ink");
    slots.flag("one_price", look_.texts(TextRole::kPriceTag).size() == 1);
    slots.flag("one_word", strand.text->text.find(' ') == std::string::npos);
    slots.flag("one_thing", look_.scene.objects.size() == 1);
  } else {
    fill(slots);
    for (const std::string& slot : said_) slots.drop(slot);
  }
  if (!grammar.can_say(strand.rule, slots)) {
    strand.left = 0;
    return {};
  }
  Said said = grammar.say(strand.rule, slots, rng_);
  if (strand.text == nullptr || said.holds("ink")) told(said);
  return said;
}

void TextFacts::fill_text(const Text& text, std::string_view slot, Slots& slots) {
  slots.set(slot, quote(text.text));
  if (!text.colour.empty()) slots.set("ink", text.colour);
  if (std::string place = place_words(look_.region(text.box), rng_); !place.empty()) {
    slots.set("place", place);
  }
}

void TextFacts::fill_table(Slots& slots) {
  int rows = look_.rows(), columns = look_.columns();
  if (rows == 0) return;
  if (rows > 1) slots.set("rows", number_word(rows));
  if (columns > 1) slots.set("columns", number_word(columns));
  set_quoted(slots, "heading", look_.first_text(TextRole::kHeading));
  std::vector<std::string> header;
  for (int column = 0; column < columns; ++column) {
    if (const Text* cell = look_.cell(0, column)) header.push_back(cell->text);
  }
  bool whole = static_cast<int>(header.size()) == columns && header.size() <= kListMax;
  if (std::string list = quoted_list(header); whole && !list.empty()) slots.set("header", list);
  if (rows < 2 || columns < 2) return;
  set_quoted(slots, "last_name", look_.cell(rows - 1, 0));
  int row = 1 + static_cast<int>(rng_.below(rows - 1));
  int column = 1 + static_cast<int>(rng_.below(columns - 1));
  set_quoted(slots, "row_name", look_.cell(row, 0));
  set_quoted(slots, "column_name", look_.cell(0, column));
  cell_ = std::to_string(row) + ":" + std::to_string(column);
  if (!told_.contains(cell_)) set_quoted(slots, "cell", look_.cell(row, column));
}

std::string TextFacts::amount(int value) {
  const std::string& unit = look_.scene.chart->unit;
  std::string number = std::to_string(value);
  if (unit == "%") return number + "%";
  return unit.empty() || rng_.below(2) == 0 ? number : number + " " + unit;
}

void TextFacts::fill_chart(Slots& slots) {
  if (!look_.scene.chart) return;
  const Chart& chart = *look_.scene.chart;
  std::size_t bars = std::min(chart.labels.size(), chart.values.size());
  if (can_quote(chart.title)) slots.set("title", quote(chart.title));
  if (!chart.unit.empty() && chart.unit != "%") slots.set("unit", chart.unit);
  if (bars < 2) return;
  slots.set("bars", number_word(static_cast<int>(bars)));
  slots.flag("many_bars", bars > 2);
  if (!chart.bar_colour.empty()) slots.set("bar_colour", chart.bar_colour);
  if (bars <= kListMax) {
    if (std::string list = quoted_list(chart.labels); !list.empty()) slots.set("labels", list);
  }
  if (!std::ranges::all_of(chart.labels, [](const std::string& one) { return can_quote(one); })) {
    return;
  }
  auto [low, high] = std::ranges::minmax_element(chart.values);
  auto set_bar = [&](const std::string& slot, std::ptrdiff_t at) {
    labels_[slot] = chart.labels[at];
    if (told_.contains(chart.labels[at])) return;
    slots.set(slot, quote(chart.labels[at]));
    if (is_value_written(look_.scene, static_cast<std::size_t>(at)))
      slots.set(slot + "_value", amount(chart.values[at]));
  };
  labels_.clear();
  if (std::ranges::count(chart.values, *high) == 1) set_bar("high", high - chart.values.begin());
  if (std::ranges::count(chart.values, *low) == 1) set_bar("low", low - chart.values.begin());
  std::size_t one = rng_.below(bars);
  set_bar("one", static_cast<std::ptrdiff_t>(one));
  set_bar("two", static_cast<std::ptrdiff_t>((one + 1 + rng_.below(bars - 1)) % bars));
}

void TextFacts::fill_page(Slots& slots) {
  std::vector<const Text*> lines = look_.texts(TextRole::kLine);
  if (lines.empty() || look_.rows() > 0 || look_.scene.chart) return;
  set_quoted(slots, "heading", look_.first_text(TextRole::kHeading));
  if (lines.size() > 1) slots.set("lines", number_word(static_cast<int>(lines.size())));
  set_quoted(slots, "first_line", lines.front());
  if (lines.size() > 1) set_quoted(slots, "last_line", lines.back());
  if (!lines.front()->colour.empty()) slots.set("ink", lines.front()->colour);
  if (lines.size() < 3) return;
  std::size_t at = 1 + rng_.below(std::min(lines.size() - 2, kOrdinals.size() - 1));
  set_quoted(slots, "some_line", lines[at]);
  slots.set("nth", std::string(kOrdinals[at]));
}

}  // namespace kale::world
