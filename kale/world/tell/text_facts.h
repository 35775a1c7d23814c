// What is written in a picture, as statements for captions: signs, labels, prices, tables, charts
// and pages. Quotations are exact; a text that is too long to quote is not spoken of.
// Threads  one caller at a time; refers to the Look that it was made from
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "kale/core/rng.h"
#include "kale/world/tell/grammar.h"
#include "kale/world/tell/look.h"

namespace kale::world {

class TextFacts {
 public:
  TextFacts(const Look& look, Rng& rng);

  // The rule of text_dense.txt that a caption of this scene may open with; empty where the things
  // come first.
  std::string opening() const;
  void fill(Slots& slots);      // for the opening
  void told(const Said& said);  // what the opening said is not said again

  bool has_more() const;
  Said more(const Grammar& grammar, const Slots& picture);  // empty where nothing came out

 private:
  // Statements that one rule makes, about one text or about all of a table, chart or page.
  struct Strand {
    std::string rule;
    const Text* text = nullptr;
    int left = 1;
  };

  void fill_text(const Text& text, std::string_view slot, Slots& slots);
  void fill_table(Slots& slots);
  void fill_chart(Slots& slots);
  void fill_page(Slots& slots);
  std::string amount(int value);

  const Look& look_;
  Rng& rng_;
  std::vector<Strand> strands_;
  std::set<std::string> said_;                 // slots
  std::set<std::string> told_;                 // labels of bars and cells, as "row:column"
  std::map<std::string, std::string> labels_;  // of the chart, by the slot they are in now
  std::string cell_;                           // of the table, in the slot "cell" now
  const Text* sign_ = nullptr;                 // what the opening quotes
};

}  // namespace kale::world
