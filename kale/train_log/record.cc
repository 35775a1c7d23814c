#include "kale/train_log/record.h"

#include <limits>
#include <nlohmann/json.hpp>

namespace kale {
namespace {

using Json = nlohmann::ordered_json;

// Names every field once.
template <class Record, class Visit>
void visit(Record& record, Visit&& key) {
  key("step", record.step);
  key("stage", record.stage);
  key("loss", record.loss);
  key("rate", record.rate);
  key("rows", record.rows);
  key("tokens", record.tokens);
  key("gradient_norm", record.gradient_norm);
  key("seconds", record.seconds);
  key("waited_seconds", record.waited_seconds);
  key("device_bytes", record.device_bytes);
}

bool take(const Json& json, std::string& value) {
  if (!json.is_string()) return false;
  value = json.get<std::string>();
  return true;
}

bool take(const Json& json, std::int64_t& value) {
  if (!json.is_number_integer()) return false;
  value = json.get<std::int64_t>();
  return true;
}

bool take(const Json& json, double& value) {
  if (!json.is_number() && !json.is_null()) return false;
  value = json.is_null() ? std::numeric_limits<double>::quiet_NaN() : json.get<double>();
  return true;
}

}  // namespace

std::string record_line(const StepRecord& record) {
  Json json;
  visit(record, [&](const char* name, const auto& value) { json[name] = value; });
  for (const auto& [name, value] : record.validation) json["validation"][name] = value;
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::optional<StepRecord> read_record(std::string_view line) {
  const Json json = Json::parse(line, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) return std::nullopt;
  StepRecord record;
  bool whole = true;
  visit(record, [&](const char* name, auto& value) {
    const auto found = json.find(name);
    whole = whole && found != json.end() && take(*found, value);
  });
  const auto validation = json.find("validation");
  if (validation != json.end()) {
    if (!validation->is_object()) return std::nullopt;
    for (const auto& [name, json_value] : validation->items()) {
      double value = 0;
      whole = whole && take(json_value, value);
      record.validation.emplace_back(name, value);
    }
  }
  if (!whole) return std::nullopt;
  return record;
}

}  // namespace kale
