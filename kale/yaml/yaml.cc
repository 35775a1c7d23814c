#include "kale/yaml/yaml.h"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>

#include <algorithm>
#include <sstream>
#include <unordered_map>
#include <vector>

namespace kale {
namespace {

// Measures a document from its events, before any node is made.
class Census : public YAML::EventHandler {
 public:
  // What is wrong with what was seen so far; empty where nothing is.
  std::string verdict() const {
    if (deepest_ > kYamlDepthMax) return fmt::format("nests deeper than {} levels", kYamlDepthMax);
    if (circular_) return "an alias stands inside the value that it names";
    if (nodes_ > kYamlNodesMax)
      return fmt::format("holds more than {} values, each alias counted as all it stands for",
                         kYamlNodesMax);
    return "";
  }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark&, YAML::anchor_t anchor) override { add({}, anchor); }
  void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t anchor,
                const std::string&) override {
    add({}, anchor);
  }
  void OnAlias(const YAML::Mark&, YAML::anchor_t anchor) override {
    auto known = named_.find(anchor);
    circular_ = circular_ || known == named_.end();  // defined, yet not closed
    add(known == named_.end() ? Size{} : known->second, YAML::NullAnchor);
  }
  void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(anchor);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(anchor);
  }
  void OnMapEnd() override { close(); }

 private:
  struct Size {
    std::int64_t nodes = 1;
    int depth = 0;  // collections within each other; a scalar has none
  };
  struct Open {
    YAML::anchor_t anchor;
    Size size{1, 1};
  };

  void open(YAML::anchor_t anchor) {
    open_.push_back({anchor});
    deepest_ = std::max(deepest_, static_cast<int>(open_.size()));
  }

  void close() {
    Open done = open_.back();
    open_.pop_back();
    add(done.size, done.anchor);
  }

  void add(Size size, YAML::anchor_t anchor) {
    if (anchor != YAML::NullAnchor) named_[anchor] = size;
    deepest_ = std::max(deepest_, static_cast<int>(open_.size()) + size.depth);
    if (!open_.empty()) {
      Size& parent = open_.back().size;
      parent.nodes = std::min(parent.nodes + size.nodes, kYamlNodesMax + 1);
      parent.depth = std::max(parent.depth, size.depth + 1);
      nodes_ = std::max(nodes_, parent.nodes);
    }
  }

  std::vector<Open> open_;
  std::unordered_map<YAML::anchor_t, Size> named_;
  std::int64_t nodes_ = 0;
  int deepest_ = 0;
  bool circular_ = false;
};

}  // namespace

Result<YAML::Node> load_yaml(const std::string& text, const std::string& where) {
  Census census;
  auto refused = [&](const std::string& why) {
    return Error{Code::kBadConfig, fmt::format("{}: {}", where, why)};
  };
  try {
    std::istringstream stream(text);
    YAML::Parser(stream).HandleNextDocument(census);
    if (std::string why = census.verdict(); !why.empty()) return refused(why);
    return YAML::Load(text);
  } catch (const YAML::Exception& exception) {
    std::string why = census.verdict();  // the parser has a limit of depth too, and tells it badly
    return refused(why.empty() ? exception.what() : why);
  }
}

Status apply_set(YAML::Node tree, const std::string& set) {
  std::size_t equals = set.find('=');
  if (equals == std::string::npos || equals == 0)
    return Error{Code::kBadConfig,
                 fmt::format("--set {} should read --set room.option=value", set)};
  KALE_TRY(YAML::Node value, load_yaml(set.substr(equals + 1), "--set " + set));
  YAML::Node place;
  place.reset(tree);
  std::string path = set.substr(0, equals);
  for (std::size_t dot; (dot = path.find('.')) != std::string::npos; path.erase(0, dot + 1)) {
    YAML::Node child = place[path.substr(0, dot)];
    if (child.IsDefined() && !child.IsMap() && !child.IsNull())
      return Error{Code::kBadConfig,
                   fmt::format("--set {}: {} is no map", set, path.substr(0, dot))};
    place.reset(child);
  }
  place[path] = value;
  return {};
}

}  // namespace kale
