#include "kale/engines/torch/answer.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

namespace kale {
namespace {

using Json = nlohmann::ordered_json;

double rounded(double value) { return std::round(value * 1e5) / 1e5; }

}  // namespace

std::vector<std::string> split_names(std::string_view text) {
  std::vector<std::string> names;
  while (!text.empty()) {
    std::size_t end = std::min(text.find('\n'), text.size());
    names.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return names;
}

std::string classes_json(std::span<const float> logits, const std::vector<std::string>& names,
                         int count) {
  double most = *std::max_element(logits.begin(), logits.end());
  double sum = 0;
  std::map<std::string_view, double> by_name;
  for (std::size_t i = 0; i < logits.size(); ++i) {
    double part = std::exp(static_cast<double>(logits[i]) - most);
    by_name[names[i]] += part;
    sum += part;
  }
  std::vector<std::pair<double, std::string_view>> ranked;
  for (auto& [name, part] : by_name) ranked.emplace_back(part / sum, name);
  std::stable_sort(ranked.begin(), ranked.end(),
                   [](const auto& l, const auto& r) { return l.first > r.first; });
  Json classes = Json::array();
  for (const auto& [probability, name] : ranked) {
    if (std::ssize(classes) == count) break;
    classes.push_back({{"name", name}, {"probability", rounded(probability)}});
  }
  return Json{{"classes", classes}}.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace kale
