#include "kale/yaml/option_io.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "kale/yaml/nearest.h"

namespace kale {

OptionReader::OptionReader(YAML::Node map, std::string where, std::vector<std::string> reserved)
    : map_(std::move(map)), where_(std::move(where)), reserved_(std::move(reserved)) {
  if (map_ && !map_.IsNull() && !map_.IsMap())
    error_ = Error{Code::kBadConfig, where_ + " must be a map of options"};
}

void OptionReader::fail(const OptionInfo& info, const std::string& what) {
  if (!error_)
    error_ =
        Error{Code::kBadConfig, fmt::format("{}.{} {} ({})", where_, info.name, what, info.help)};
}

void OptionReader::check_range(const OptionInfo& info, double value) {
  if (!(value >= info.min && value <= info.max))
    fail(info, fmt::format("is {}, allowed is {} to {}", value, info.min, info.max));
}

bool OptionReader::is_null(const OptionInfo& info) const {
  if (!map_.IsDefined() || !map_.IsMap()) return false;
  YAML::Node node = map_[std::string(info.name)];
  return node.IsDefined() && node.IsNull();
}

template <class T>
void OptionReader::scalar(const OptionInfo& info, T& value, std::string_view wanted) {
  known_.emplace_back(info.name);
  if (error_ || !map_.IsDefined() || !map_.IsMap()) return;
  YAML::Node node = map_[std::string(info.name)];
  if (!node) return;
  if (!node.IsScalar() || !YAML::convert<T>::decode(node, value))
    fail(info, fmt::format("must be {}", wanted));
}

void OptionReader::field(const OptionInfo& info, bool& value) {
  scalar(info, value, "true or false");
}

void OptionReader::field(const OptionInfo& info, std::int64_t& value) {
  scalar(info, value, "a whole number");
  check_range(info, static_cast<double>(value));
}

void OptionReader::field(const OptionInfo& info, double& value) {
  scalar(info, value, "a number");
  check_range(info, value);
}

void OptionReader::field(const OptionInfo& info, std::string& value) {
  if (is_null(info)) {  // `licence:` and `--set source.licence=` both mean the empty text
    known_.emplace_back(info.name);
    value.clear();
  } else {
    scalar(info, value, "a text");
  }
  check_choice(info, value);
}

void OptionReader::check_choice(const OptionInfo& info, const std::string& value) {
  const auto& choices = info.choices;
  if (!choices.empty() && std::find(choices.begin(), choices.end(), value) == choices.end())
    fail(info, fmt::format("is '{}', allowed are: {}", shown(value), fmt::join(choices, ", ")));
}

void OptionReader::field(const OptionInfo& info, std::vector<std::string>& value) {
  known_.emplace_back(info.name);
  if (error_ || !map_.IsDefined() || !map_.IsMap()) return;
  YAML::Node node = map_[std::string(info.name)];
  if (!node) return;
  bool fits = node.IsSequence();
  for (std::size_t i = 0; fits && i < node.size(); ++i) fits = node[i].IsScalar();
  if (!fits || !YAML::convert<std::vector<std::string>>::decode(node, value))
    fail(info, "must be a list of texts");
  for (const std::string& entry : value) check_choice(info, entry);
}

Status OptionReader::finish() {
  if (error_) return *error_;
  if (!map_.IsDefined() || !map_.IsMap()) return {};
  for (const auto& entry : map_) {
    std::string key = entry.first.Scalar();
    bool fine = std::find(known_.begin(), known_.end(), key) != known_.end() ||
                std::find(reserved_.begin(), reserved_.end(), key) != reserved_.end();
    if (!fine)
      return Error{Code::kBadConfig,
                   fmt::format("unknown option {}.{}{}", where_, shown(key), hint(key, known_))};
  }
  return {};
}

namespace {

std::string range_text(const OptionInfo& info) {
  if (!info.choices.empty()) return fmt::format("{}", fmt::join(info.choices, ", "));
  if (std::isinf(info.min) && std::isinf(info.max)) return "";
  return fmt::format("{:g} to {:g}", info.min, info.max);
}

}  // namespace

void OptionTexts::field(const OptionInfo& info, bool& value) {
  add(info, fmt::format("{}", value));
}
void OptionTexts::field(const OptionInfo& info, std::int64_t& value) {
  add(info, fmt::format("{}", value));
}
void OptionTexts::field(const OptionInfo& info, double& value) {
  add(info, fmt::format("{}", value));
}
void OptionTexts::field(const OptionInfo& info, std::string& value) { add(info, value); }
void OptionTexts::field(const OptionInfo& info, std::vector<std::string>& value) {
  add(info, value.empty() ? "" : fmt::format("[\"{}\"]", fmt::join(value, "\", \"")));
}

void CaptionsText::add(const OptionInfo& info, const std::string& value) {
  if (info.affects == Affects::kCaptions) text_ += fmt::format("{}={}\n", info.name, value);
}

void OptionTable::add(const OptionInfo& info, const std::string& preset) {
  text_ += fmt::format("| {} | {} | {} | {} |\n", info.name, info.help,
                       preset.empty() ? "" : "`" + preset + "`", range_text(info));
}

}  // namespace kale
