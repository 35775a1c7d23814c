#include "kale/world/scene/truth.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <concepts>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "kale/world/scene/fields.h"
#include "kale/world/scene/named.h"

namespace kale::world {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kVersion = 1;

// The shortest decimal that reads back as the same float: 0.92, not 0.9200000166893005.
double shortest(float value) { return std::stod(fmt::format("{}", value)); }

class Writer {
 public:
  template <class T>
  void operator()(const char* key, const T& value) {
    json_[key] = write(value);
  }
  Json take() { return std::move(json_); }

 private:
  static Json write(const std::string& text) { return text; }
  static Json write(float value) { return shortest(value); }
  static Json write(int value) { return value; }
  static Json write(std::uint64_t value) { return value; }
  static Json write(const Box& box) {
    return {shortest(box.x), shortest(box.y), shortest(box.width), shortest(box.height)};
  }
  template <Named E>
  static Json write(E value) {
    return name_of(value);
  }
  template <class T>
  static Json write(const std::optional<T>& value) {
    return value ? write(*value) : Json();
  }
  template <class T>
  static Json write(const std::vector<T>& list) {
    Json array = Json::array();
    for (const T& item : list) array.push_back(write(item));
    return array;
  }
  template <Described T>
  static Json write(const T& value) {
    Writer inner;
    fields(inner, value);
    return inner.take();
  }

  Json json_ = Json::object();
};

// Reads until something is wrong; `problem` then says where and what, and the rest is left alone.
class Reader {
 public:
  Reader(const Json& json, std::string path, std::string& problem)
      : json_(json), path_(std::move(path)), problem_(problem) {}

  template <class T>
  void operator()(const char* key, T& value) {
    if (!problem_.empty()) return;
    const std::string path = path_.empty() ? key : fmt::format("{}.{}", path_, key);
    const auto found = json_.find(key);
    if (found == json_.end()) {
      problem_ = fmt::format("'{}' is missing", path);
    } else {
      read(*found, path, value);
    }
  }

 private:
  void wrong(const std::string& path, std::string_view wanted) {
    problem_ = fmt::format("'{}' is not {}", path, wanted);
  }

  void read(const Json& json, const std::string& path, std::string& text) {
    if (!json.is_string()) return wrong(path, "text");
    text = json.get<std::string>();
  }
  void read(const Json& json, const std::string& path, float& value) {
    using Limits = std::numeric_limits<float>;
    if (!json.is_number() || std::abs(json.get<double>()) > Limits::max())
      return wrong(path, "a number of 32 bits");
    value = json.get<float>();
  }
  void read(const Json& json, const std::string& path, int& value) {
    const bool whole = json.is_number_unsigned() ? std::in_range<int>(json.get<std::uint64_t>())
                                                 : json.is_number_integer() &&
                                                       std::in_range<int>(json.get<std::int64_t>());
    if (!whole) return wrong(path, "a whole number of 32 bits");
    value = json.get<int>();
  }
  void read(const Json& json, const std::string& path, std::uint64_t& value) {
    if (!json.is_number_unsigned()) return wrong(path, "a whole number from 0");
    value = json.get<std::uint64_t>();
  }
  void read(const Json& json, const std::string& path, Box& box) {
    if (!json.is_array() || json.size() != 4) return wrong(path, "a box of four numbers");
    float* const sides[] = {&box.x, &box.y, &box.width, &box.height};
    for (std::size_t i = 0; i < 4; ++i) read(json[i], path, *sides[i]);
  }
  template <Named E>
  void read(const Json& json, const std::string& path, E& value) {
    if (!json.is_string() || !value_named(json.get<std::string>(), value))
      return wrong(path, fmt::format("one of: {}", fmt::join(names_of<E>(), ", ")));
  }
  template <class T>
  void read(const Json& json, const std::string& path, std::optional<T>& value) {
    value.reset();
    if (!json.is_null()) read(json, path, value.emplace());
  }
  template <class T>
  void read(const Json& json, const std::string& path, std::vector<T>& list) {
    if (!json.is_array()) return wrong(path, "a list");
    list.clear();
    for (std::size_t i = 0; i < json.size() && problem_.empty(); ++i)
      read(json[i], fmt::format("{}[{}]", path, i), list.emplace_back());
  }
  template <Described T>
  void read(const Json& json, const std::string& path, T& value) {
    if (!json.is_object()) return wrong(path, "an object");
    Reader inner(json, path, problem_);
    fields(inner, value);
  }

  const Json& json_;
  std::string path_;
  std::string& problem_;
};

// What readers take for granted: indices are of objects, and cells of a table that can be drawn.
std::string problem_of(const Scene& scene) {
  const int objects = static_cast<int>(scene.objects.size());
  for (std::size_t i = 0; i < scene.relations.size(); ++i)
    for (const int index : {scene.relations[i].subject, scene.relations[i].object})
      if (index < 0 || index >= objects)
        return fmt::format("'relations[{}]' is of object {}, and 'objects' has {}", i, index,
                           objects);
  for (std::size_t i = 0; i < scene.texts.size(); ++i)
    for (const int place : {scene.texts[i].row, scene.texts[i].column})
      if (place < -1 || place >= kTableSideMax)
        return fmt::format("'texts[{}]' stands in row or column {}; at most {} are read", i, place,
                           kTableSideMax);
  if (scene.chart && scene.chart->labels.size() != scene.chart->values.size())
    return fmt::format("'chart.labels' has {} and 'chart.values' has {}, one is for one",
                       scene.chart->labels.size(), scene.chart->values.size());
  return {};
}

Error corrupt(const std::string& problem) {
  return {Code::kCorrupt,
          fmt::format("truth of a scene: {} (docs/formats.md, \"truth of a scene\")", problem)};
}

}  // namespace

std::string truth_json(const Scene& scene) {
  Writer writer;
  writer("truth", kVersion);
  fields(writer, scene);
  return writer.take().dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<Scene> parse_truth(std::string_view json) {
  const Json parsed = Json::parse(json, nullptr, false);
  if (!parsed.is_object()) return corrupt("this is no JSON object");
  std::string problem;
  int version = 0;
  Scene scene;
  Reader reader(parsed, "", problem);
  reader("truth", version);
  if (problem.empty() && version != kVersion)
    problem = fmt::format("'truth' is {}; this program reads version {}", version, kVersion);
  fields(reader, scene);
  if (problem.empty()) problem = problem_of(scene);
  if (!problem.empty()) return corrupt(problem);
  return scene;
}

}  // namespace kale::world
