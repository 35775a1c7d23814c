#include "kale/describe/facts.h"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

namespace kale::describe {
namespace {

using Json = nlohmann::json;

// Reads fields of one JSON object and keeps the first complaint.
class FieldReader {
 public:
  FieldReader(const Json& object, std::string path, Status& status)
      : object_(object), path_(std::move(path)), status_(status) {
    if (!object.is_object() && !object.is_null()) complain("", "an object");
  }

  void read(const char* key, std::string& out) {
    const Json* value = find(key);
    if (value == nullptr) return;
    if (!value->is_string()) return complain(key, "a text");
    out = value->get<std::string>();
  }
  void read(const char* key, double& out) {
    const Json* value = find(key);
    if (value == nullptr) return;
    if (!value->is_number() || !std::isfinite(value->get<double>()))
      return complain(key, "a number");
    out = value->get<double>();
  }
  void read(const char* key, bool& out) {
    const Json* value = find(key);
    if (value == nullptr) return;
    if (!value->is_boolean()) return complain(key, "true or false");
    out = value->get<bool>();
  }
  // The array under `key`, or an empty one.
  const Json& array(const char* key) {
    static const Json kNone = Json::array();
    const Json* value = find(key);
    if (value == nullptr) return kNone;
    if (value->is_array()) return *value;
    complain(key, "a list");
    return kNone;
  }
  FieldReader object(const char* key) {
    static const Json kNone;
    const Json* value = find(key);
    return {value == nullptr ? kNone : *value, path_ + key + ".", status_};
  }

 private:
  const Json* find(const char* key) const {
    if (!object_.is_object()) return nullptr;
    auto found = object_.find(key);
    return found == object_.end() || found->is_null() ? nullptr : &*found;
  }
  void complain(const char* key, const char* wanted) {
    if (!status_) return;
    status_ = Error{Code::kCorrupt, fmt::format("facts: {}{} is not {}; redo the step that wrote "
                                                "the facts",
                                                path_, key, wanted)};
  }

  const Json& object_;
  std::string path_;
  Status& status_;
};

}  // namespace

Result<Facts> parse_facts(std::string_view json_text) {
  Json json = Json::parse(json_text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object())
    return Error{Code::kCorrupt,
                 "facts: no JSON object; the row needs a step that writes facts before describe"};
  Facts facts;
  Status status;
  FieldReader reader(json, "", status);
  for (const Json& entry : reader.array("classes")) {
    FieldReader fields(entry, "classes[].", status);
    ClassGuess guess;
    fields.read("name", guess.name);
    fields.read("probability", guess.probability);
    if (!guess.name.empty()) facts.classes.push_back(std::move(guess));
  }
  for (const Json& entry : reader.array("colours")) {
    FieldReader fields(entry, "colours[].", status);
    ColourShare colour;
    fields.read("name", colour.name);
    fields.read("share", colour.share);
    if (!colour.name.empty()) facts.colours.push_back(std::move(colour));
  }
  FieldReader background = reader.object("background");
  background.read("colour", facts.background_colour);
  background.read("share", facts.background_share);
  background.read("plain", facts.background_plain);
  FieldReader layout = reader.object("layout");
  layout.read("position", facts.position);
  layout.read("area_share", facts.area_share);
  layout.read("orientation", facts.orientation);
  FieldReader look = reader.object("look");
  look.read("kind", facts.kind);
  look.read("brightness", facts.brightness);
  KALE_OK(status);
  return facts;
}

}  // namespace kale::describe
