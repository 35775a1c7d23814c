#include "kale/decode/svg_work.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <unordered_map>
#include <utility>
#include <vector>

#include "kale/decode/svg_embedded.h"
#include "kale/decode/svg_markup.h"
#include "kale/decode/svg_style.h"

namespace kale {
namespace {

constexpr std::size_t kEdgesMax = 2'000'000;
constexpr double kCountMax = 1e15;
// Measured against a plain rectangle, at 512 pixels a side.
constexpr double kStopElements = 1.0 / 16;
constexpr double kPatternElements = 100;
constexpr double kMaskElements = 20;
constexpr double kLetterElements = 2;
constexpr double kAttributeBytesPerElement = 256;
constexpr double kPixelsPerElement = 4096;
constexpr double kBytesPerPoint = 4;  // of a path's outline: a marker may stand at each point
constexpr double kMorphologyFilters = 50;

template <std::size_t N>
bool is_one_of(std::string_view name, const std::array<std::string_view, N>& names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// Drawn only where something refers to them, or never.
bool is_definition(std::string_view name) {
  constexpr std::array<std::string_view, 14> kNames = {
      "defs",           "symbol",         "pattern",  "mask",  "clipPath", "marker", "filter",
      "linearGradient", "radialGradient", "metadata", "title", "desc",     "style",  "script"};
  return is_one_of(name, kNames);
}

bool follows_href(std::string_view name) {
  constexpr std::array<std::string_view, 8> kNames = {
      "use", "pattern", "linearGradient", "radialGradient", "feImage", "tref", "textPath", "image"};
  return is_one_of(name, kNames);
}

struct Count {
  double elements = 0;
  double filters = 0;
  double parts = 0;   // that a colour or pattern could be inherited by
  double points = 0;  // that a marker could stand at

  void add(const Count& other, double times) {
    elements = std::min(elements + times * other.elements, kCountMax);
    filters = std::min(filters + times * other.filters, kCountMax);
  }
  void add_inside(const Count& other) {
    parts = std::min(parts + other.parts, kCountMax);
    points = std::min(points + other.points, kCountMax);
  }
};

enum class Repeat { kOnce, kInside, kParts, kPoints };  // kInside: a child, or what <use> shows

struct Edge {
  std::size_t to;
  Repeat repeat;
};

struct Node {
  std::string_view name;
  Count own{.elements = 1, .filters = 0, .parts = 1, .points = 1};
  std::vector<std::pair<std::string, Repeat>> references;  // ids, until all ids are known
  std::vector<std::string> words;                          // by which a style sheet may mean it
  std::vector<Edge> edges;
};

class Drawing {
 public:
  explicit Drawing(std::string_view document) {
    read(document);
    link();
  }

  // What alone decides against the document.
  const std::optional<std::string>& refusal() const { return refusal_; }

  // Of the root; nullopt where references go round in circles.
  std::optional<Count> count() const;

 private:
  void read(std::string_view document);
  void add_node(const SvgReader& reader, std::size_t parent);
  void add_attribute(Node& node, const SvgAttribute& attribute);
  void add_references(Node& node, const std::vector<StyleReference>& found);
  void add_filter(Node& node, const std::vector<SvgAttribute>& attributes);
  void link();
  void link_sheet();
  void join(std::size_t from, const std::string& id, Repeat repeat);
  double added_everywhere(const std::string& id);

  std::vector<Node> nodes_;
  std::unordered_map<std::string, std::size_t> ids_;
  std::string sheet_;
  std::size_t edges_ = 0;
  std::optional<std::string> refusal_;
};

Repeat repeat_of(const StyleReference& reference) {
  if (reference.on_points) return Repeat::kPoints;
  return reference.inherited ? Repeat::kParts : Repeat::kOnce;
}

void Drawing::read(std::string_view document) {
  SvgReader reader(document);
  std::vector<std::size_t> open;
  while (true) {
    switch (reader.next()) {
      case SvgPiece::kEnd:
        return;
      case SvgPiece::kClose:
        if (!open.empty()) open.pop_back();
        break;
      case SvgPiece::kText:
        if (open.empty()) break;
        if (nodes_[open.back()].name == "style") {
          sheet_ += reader.text();
        } else {
          auto letters = std::count_if(reader.text().begin(), reader.text().end(), [](char c) {
            auto byte = static_cast<unsigned char>(c);
            return byte > ' ' && (byte & 0xC0) != 0x80;
          });
          nodes_[open.back()].own.elements += kLetterElements * static_cast<double>(letters);
        }
        break;
      case SvgPiece::kOpen:
        add_node(reader, open.empty() ? nodes_.size() : open.back());
        open.push_back(nodes_.size() - 1);
        break;
      case SvgPiece::kEmpty:
        add_node(reader, open.empty() ? nodes_.size() : open.back());
        break;
    }
  }
}

void Drawing::add_node(const SvgReader& reader, std::size_t parent) {
  std::size_t self = nodes_.size();
  Node node{.name = reader.name(), .references = {}, .words = {}, .edges = {}};
  node.words.emplace_back(node.name);
  if (node.name == "stop" || node.name.ends_with("Gradient")) node.own.elements = kStopElements;
  if (node.name == "pattern") node.own.elements += kPatternElements;
  if (node.name == "mask") node.own.elements += kMaskElements;
  for (const SvgAttribute& attribute : reader.attributes()) {
    if (attribute.name == "id") ids_.emplace(attribute.value, self);  // the first one counts
    add_attribute(node, attribute);
  }
  if (parent < self && nodes_[parent].name == "filter") add_filter(node, reader.attributes());
  nodes_.push_back(std::move(node));
  if (parent < self && !is_definition(reader.name())) {
    nodes_[parent].edges.push_back({self, Repeat::kInside});
  }
}

void Drawing::add_attribute(Node& node, const SvgAttribute& attribute) {
  const std::string& value = attribute.value;
  std::string_view name = attribute.name;
  if (name == "href" || name.ends_with(":href")) {
    if (!follows_href(node.name)) return;
    std::size_t hash = value.find('#');
    if (value.starts_with("data:")) {
      auto size = embedded_size(value);
      if (size) node.own.elements += static_cast<double>(size->pixels()) / kPixelsPerElement;
    } else if (hash != value.npos) {
      node.references.emplace_back(value.substr(hash + 1), Repeat::kInside);
    }
    return;
  }
  if (name.find(':') != name.npos) return;
  auto bytes = static_cast<double>(value.size());
  node.own.elements += bytes / kAttributeBytesPerElement;
  if (name == "d" || name == "points") node.own.points += bytes / kBytesPerPoint;
  if (name == "id") node.words.push_back(value);
  if (name == "class") {
    for (std::size_t at = 0; at < value.size();) {
      std::size_t end = std::min(value.find_first_of(" \t\r\n", at), value.size());
      if (end > at) node.words.push_back(value.substr(at, end - at));
      at = end + 1;
    }
  }
  if (value.find('(') == value.npos) return;
  std::string css = name == "style" ? value : std::string(name) + ":" + value;
  add_references(node, style_references(css, false));
}

void Drawing::add_references(Node& node, const std::vector<StyleReference>& found) {
  for (const StyleReference& reference : found) {
    if (reference.id.empty()) {
      node.own.filters += 1;
    } else {
      node.references.emplace_back(reference.id, repeat_of(reference));
    }
  }
}

void Drawing::add_filter(Node& node, const std::vector<SvgAttribute>& attributes) {
  if (!node.name.starts_with("fe")) return;
  node.own.filters = node.name == "feMorphology" ? kMorphologyFilters : 1;
  // librsvg 2.54 ends the whole process on some kernels that it takes for well-formed.
  if (node.name == "feConvolveMatrix") refusal_ = "feConvolveMatrix, which librsvg may die of";
  for (const SvgAttribute& attribute : attributes) {
    if (attribute.name != "numOctaves") continue;
    const std::string& value = attribute.value;
    std::size_t begin = std::min(value.find_first_not_of(" \t\r\n+"), value.size());
    double octaves = 0;
    auto [end, error] = std::from_chars(value.data() + begin, value.data() + value.size(), octaves);
    if (error == std::errc::result_out_of_range) octaves = kCountMax;
    node.own.filters = std::clamp(octaves, 1.0, kCountMax);
  }
}

void Drawing::join(std::size_t from, const std::string& id, Repeat repeat) {
  if (++edges_ > kEdgesMax) refusal_ = "too many references";
  auto target = ids_.find(id);
  if (target == ids_.end() || refusal_) return;
  nodes_[from].edges.push_back({target->second, repeat});
}

void Drawing::link() {
  for (std::size_t i = 0; i < nodes_.size() && !refusal_; ++i) {
    for (const auto& [id, repeat] : nodes_[i].references) join(i, id, repeat);
  }
  if (!sheet_.empty()) link_sheet();
}

// A rule whose selector we cannot follow may paint anything, with gradients alone: those are cheap
// and refer to nothing that is drawn.
double Drawing::added_everywhere(const std::string& id) {
  auto target = ids_.find(id);
  if (target == ids_.end()) return 0;
  const Node& node = nodes_[target->second];
  if (node.name.ends_with("Gradient")) {
    return kStopElements * static_cast<double>(1 + node.edges.size());
  }
  refusal_ = "a style sheet that we cannot follow";
  return 0;
}

void Drawing::link_sheet() {
  std::unordered_map<std::string, std::vector<StyleReference>> by_word;
  Count everywhere;
  for (StyleReference& reference : style_references(sheet_, true)) {
    if (!reference.everywhere) {
      for (const std::string& word : reference.words) by_word[word].push_back(reference);
    } else if (reference.id.empty()) {
      everywhere.filters += 1;
    } else {
      everywhere.elements += added_everywhere(reference.id);
    }
  }
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    nodes_[i].own.add(everywhere, 1);
    for (const std::string& word : nodes_[i].words) {
      auto rules = by_word.find(word);
      if (rules == by_word.end()) continue;
      for (const StyleReference& reference : rules->second) {
        if (refusal_) return;
        if (reference.id.empty()) nodes_[i].own.filters += 1;
        join(i, reference.id, repeat_of(reference));
      }
    }
  }
}

std::optional<Count> Drawing::count() const {
  if (nodes_.empty()) return Count();
  enum class State : std::uint8_t { kNew, kOpen, kDone };
  std::vector<State> states(nodes_.size(), State::kNew);
  std::vector<Count> counts(nodes_.size());
  std::vector<std::pair<std::size_t, std::size_t>> path = {{0, 0}};  // node, its next edge
  states[0] = State::kOpen;
  while (!path.empty()) {
    auto& [self, next] = path.back();
    const Node& node = nodes_[self];
    if (next < node.edges.size()) {
      std::size_t to = node.edges[next++].to;
      if (states[to] == State::kOpen) return std::nullopt;
      if (states[to] == State::kDone) continue;
      states[to] = State::kOpen;
      path.emplace_back(to, 0);
      continue;
    }
    Count& total = counts[self];
    total = node.own;
    for (const Edge& edge : node.edges) {
      if (edge.repeat == Repeat::kInside) total.add_inside(counts[edge.to]);
    }
    for (const Edge& edge : node.edges) {
      double times = edge.repeat == Repeat::kParts    ? total.parts
                     : edge.repeat == Repeat::kPoints ? total.points
                                                      : 1;
      total.add(counts[edge.to], times);
    }
    states[self] = State::kDone;
    path.pop_back();
  }
  return counts[0];
}

}  // namespace

std::optional<std::string> svg_excess(std::string_view document, const SvgWorkLimits& limits) {
  Drawing drawing(document);
  if (drawing.refusal()) return drawing.refusal();
  auto count = drawing.count();
  if (!count) return "references that go round in circles";
  if (count->elements > static_cast<double>(limits.elements_max)) {
    return fmt::format("{:.0f} elements as drawn, over decode.svg_elements_max", count->elements);
  }
  if (count->filters > static_cast<double>(limits.filters_max)) {
    return fmt::format("{:.0f} filters as drawn, over decode.svg_filters_max", count->filters);
  }
  return std::nullopt;
}

}  // namespace kale
