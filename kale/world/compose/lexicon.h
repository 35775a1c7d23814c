// Words to draw: signs, tables, charts, pages, filled in from lists. Names are made up of syllables
// so that nobody has read of them.
// Threads  immutable lists; choices as the generator
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kale/core/rng.h"

namespace kale::world {

// "{Name} & {Name}" with everything in braces filled in: lists of lexicon.tsv, and {Name} {NAME}
// {number} {digit} {price} {time} {percent} {year}.
std::string filled(std::string_view form, Rng& rng);
std::string from_list(std::string_view list, Rng& rng);

struct TableForm {
  std::string heading;
  std::vector<std::string> columns;
  std::string rows;                // as entries() takes it
  std::vector<std::string> cells;  // forms of the columns after the first
};
struct ChartForm {
  std::string title, unit, labels;  // labels as entries() takes it
  int least = 0, most = 0;
};
const std::vector<std::vector<std::string>>& sign_forms();
const std::vector<TableForm>& table_forms();
const std::vector<ChartForm>& chart_forms();

// `count` different ones, or as many as there are: of a list of lexicon.tsv in its own order, of
// names, or of words with commas between.
std::vector<std::string> entries(std::string_view what, std::size_t count, Rng& rng);

}  // namespace kale::world
