// Bars with their intervals, as SVG that needs no other file. Light and dark backgrounds both read.
// Threads  free functions, safe
#pragma once

#include <string>
#include <vector>

#include "kale/evaluate/report/evaluation.h"

namespace kale::evaluate {

struct Bar {
  std::string label;
  std::vector<std::optional<Interval>> values;  // one a series; nothing where it has none
};

struct Plot {
  std::string name;  // of the file: "errors"
  std::string title;
  std::vector<std::string> series;  // "caption", and the column to compare with
  std::vector<Bar> bars;            // shares, drawn in percent
};

std::vector<Plot> plots_of(const Evaluation& evaluation);
std::string bar_chart(const Plot& plot);

}  // namespace kale::evaluate
