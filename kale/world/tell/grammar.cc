#include "kale/world/tell/grammar.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "kale/core/check.h"
#include "kale/world/tell/nouns.h"

namespace kale::world {

struct Grammar::Node {
  enum class Sort { kWords, kRule, kSlot, kNumber, kGiven, kNotGiven, kChoice };
  using Sequence = std::vector<Node>;

  Sort sort = Sort::kWords;
  std::string text;               // words, or the slot's name
  int rule = -1;                  // of kRule
  std::string singular, plural;   // of kNumber
  std::vector<Sequence> choices;  // of kChoice
};

struct Grammar::Rule {
  struct Alternative {
    Node::Sequence nodes;
    std::uint64_t weight = 1;
  };
  std::string name;
  std::vector<Alternative> alternatives;
};

namespace {

using Node = Grammar::Node;
using Rule = Grammar::Rule;

class Parser {
 public:
  Parser(std::string_view line, const std::map<std::string, int, std::less<>>& rules)
      : line_(line), rules_(rules) {}

  Rule::Alternative alternative() {
    Rule::Alternative made;
    if (line_.starts_with('@')) {
      auto [end, error] =
          std::from_chars(line_.data() + 1, line_.data() + line_.size(), made.weight);
      check(error == std::errc() && made.weight > 0, "a weight is @ and a number");
      at_ = static_cast<std::size_t>(end - line_.data()) + 1;
    }
    made.nodes = sequence();
    return made;
  }

 private:
  void check(bool good, std::string_view why) const {
    KALE_CHECK(good, fmt::format("grammar: {} in \"{}\"", why, line_));
  }

  // Up to the end, or the '|' or ']' of the choice that this is a part of.
  Node::Sequence sequence() {
    Node::Sequence nodes;
    while (at_ < line_.size()) {
      char mark = line_[at_];
      if (depth_ > 0 && (mark == '|' || mark == ']')) break;
      switch (mark) {
        case '<':
          nodes.push_back(reference());
          break;
        case '{':
          nodes.push_back(slot());
          break;
        case '[':
          nodes.push_back(choice());
          break;
        case ']':
          check(false, "']' closes nothing");
          break;
        default:
          nodes.push_back(plain_words());
      }
    }
    return nodes;
  }

  Node plain_words() {
    Node made;
    while (at_ < line_.size()) {
      char mark = line_[at_];
      if (std::string_view("<{[]").find(mark) != std::string_view::npos) break;
      if (depth_ > 0 && mark == '|') break;
      if (mark == '\\' && at_ + 1 < line_.size()) mark = line_[++at_];
      made.text += mark;
      ++at_;
    }
    return made;
  }

  std::string_view until(char close) {
    std::size_t end = line_.find(close, at_);
    check(end != std::string_view::npos, fmt::format("no '{}'", close));
    std::string_view inside = line_.substr(at_ + 1, end - at_ - 1);
    at_ = end + 1;
    return inside;
  }

  Node reference() {
    std::string_view name = until('>');
    auto found = rules_.find(name);
    check(found != rules_.end(), fmt::format("there is no rule <{}>", name));
    return {.sort = Node::Sort::kRule, .rule = found->second};
  }

  Node slot() {
    std::string_view inside = until('}');
    if (inside.starts_with('?') || inside.starts_with('!')) {
      return {.sort = inside[0] == '?' ? Node::Sort::kGiven : Node::Sort::kNotGiven,
              .text = std::string(inside.substr(1))};
    }
    std::size_t colon = inside.find(':');
    if (colon == std::string_view::npos) {
      return {.sort = Node::Sort::kSlot, .text = std::string(inside)};
    }
    std::size_t bar = inside.find('|', colon);
    check(bar != std::string_view::npos, "{slot:singular|plural} lacks its bar");
    return {.sort = Node::Sort::kNumber,
            .text = std::string(inside.substr(0, colon)),
            .singular = std::string(inside.substr(colon + 1, bar - colon - 1)),
            .plural = std::string(inside.substr(bar + 1))};
  }

  Node choice() {
    Node made{.sort = Node::Sort::kChoice};
    ++depth_;
    do {
      ++at_;  // '[' or '|'
      made.choices.push_back(sequence());
      check(at_ < line_.size(), "no ']'");
    } while (line_[at_] == '|');
    ++at_;
    --depth_;
    return made;
  }

  std::string_view line_;
  const std::map<std::string, int, std::less<>>& rules_;
  std::size_t at_ = 0;
  int depth_ = 0;  // of choices
};

// One call of say(): what can be said with these slots, and saying it.
class Speaker {
 public:
  Speaker(const std::vector<Rule>& rules, const Slots& slots) : rules_(rules), slots_(slots) {}

  bool can(const Node::Sequence& nodes) const {
    return std::ranges::all_of(nodes, [&](const Node& node) { return can(node); });
  }
  bool can(const Rule& rule) const {
    return std::ranges::any_of(rule.alternatives,
                               [&](const Rule::Alternative& one) { return can(one.nodes); });
  }

  void say(const Rule& rule, Rng& rng, Said& out) const {
    std::vector<const Rule::Alternative*> open;
    std::uint64_t total = 0;
    for (const Rule::Alternative& one : rule.alternatives) {
      if (!can(one.nodes)) continue;
      open.push_back(&one);
      total += one.weight;
    }
    if (open.empty()) return;
    std::uint64_t drawn = rng.below(total);
    for (const Rule::Alternative* one : open) {
      if (drawn < one->weight) return say(one->nodes, rng, out);
      drawn -= one->weight;
    }
  }

 private:
  bool can(const Node& node) const {
    switch (node.sort) {
      case Node::Sort::kWords:
        return true;
      case Node::Sort::kRule:
        return can(rules_[static_cast<std::size_t>(node.rule)]);
      case Node::Sort::kSlot:
      case Node::Sort::kNumber:
      case Node::Sort::kGiven:
        return slots_.find(node.text) != nullptr;
      case Node::Sort::kNotGiven:
        return slots_.find(node.text) == nullptr;
      case Node::Sort::kChoice:
        return std::ranges::any_of(node.choices,
                                   [&](const Node::Sequence& one) { return can(one); });
    }
    return false;
  }

  void say(const Node::Sequence& nodes, Rng& rng, Said& out) const {
    for (const Node& node : nodes) say(node, rng, out);
  }

  void say(const Node& node, Rng& rng, Said& out) const {
    switch (node.sort) {
      case Node::Sort::kWords:
        out.text += node.text;
        return;
      case Node::Sort::kRule:
        return say(rules_[static_cast<std::size_t>(node.rule)], rng, out);
      case Node::Sort::kSlot:
        out.text += slots_.find(node.text)->text;
        out.used.push_back(node.text);
        return;
      case Node::Sort::kNumber:
        out.text += slots_.find(node.text)->plural ? node.plural : node.singular;
        return;
      case Node::Sort::kGiven:
        out.used.push_back(node.text);
        return;
      case Node::Sort::kNotGiven:
        return;
      case Node::Sort::kChoice: {
        std::vector<const Node::Sequence*> open;
        for (const Node::Sequence& one : node.choices) {
          if (can(one)) open.push_back(&one);
        }
        return say(*open[rng.below(open.size())], rng, out);
      }
    }
  }

  const std::vector<Rule>& rules_;
  const Slots& slots_;
};

template <class OnLine>
void each_line(std::string_view text, OnLine on_line) {
  while (!text.empty()) {
    std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.find_first_not_of(' ') == std::string_view::npos || line[0] == '#') continue;
    on_line(line);
  }
}

void collect_words(const Node::Sequence& nodes, std::vector<std::string>& words) {
  for (const Node& node : nodes) {
    if (node.sort == Node::Sort::kWords) words.push_back(node.text);
    if (node.sort == Node::Sort::kNumber) words.push_back(node.singular + " " + node.plural);
    for (const Node::Sequence& choice : node.choices) collect_words(choice, words);
  }
}

}  // namespace

void Slots::set(std::string_view name, std::string value, bool plural) {
  drop(name);
  values_.emplace_back(std::string(name), Value{std::move(value), plural});
}

void Slots::flag(std::string_view name, bool on) {
  drop(name);
  if (on) set(name, {});
}

void Slots::drop(std::string_view name) {
  std::erase_if(values_, [&](const auto& value) { return value.first == name; });
}

const Slots::Value* Slots::find(std::string_view name) const {
  for (const auto& [key, value] : values_) {
    if (key == name) return &value;
  }
  return nullptr;
}

bool Said::holds(std::string_view slot) const {
  return std::ranges::find(used, slot) != used.end();
}

Grammar::Grammar(std::string_view text) {
  each_line(text, [&](std::string_view line) {
    if (line[0] == ' ') return;
    std::string name(line);
    KALE_CHECK(index_.emplace(name, static_cast<int>(rules_.size())).second,
               fmt::format("grammar: rule {} stands there twice", name));
    rules_.push_back({.name = std::move(name)});
  });
  std::size_t current = 0;
  each_line(text, [&](std::string_view line) {
    if (line[0] != ' ') {
      current = static_cast<std::size_t>(index_.find(line)->second);
      return;
    }
    line.remove_prefix(line.find_first_not_of(' '));
    rules_[current].alternatives.push_back(Parser(line, index_).alternative());
  });
}

Grammar::~Grammar() = default;
Grammar::Grammar(Grammar&&) noexcept = default;

const Grammar::Rule& Grammar::rule(std::string_view name) const {
  auto found = index_.find(name);
  KALE_CHECK(found != index_.end(), fmt::format("grammar: there is no rule {}", name));
  return rules_[static_cast<std::size_t>(found->second)];
}

bool Grammar::can_say(std::string_view name, const Slots& slots) const {
  return Speaker(rules_, slots).can(rule(name));
}

Said Grammar::say(std::string_view name, const Slots& slots, Rng& rng) const {
  Said said;
  Speaker(rules_, slots).say(rule(name), rng, said);
  said.text = tidy_words(said.text);
  return said;
}

std::vector<std::string> Grammar::own_words() const {
  std::vector<std::string> words;
  for (const Rule& rule : rules_) {
    for (const Rule::Alternative& one : rule.alternatives) collect_words(one.nodes, words);
  }
  return words;
}

std::string tidy_words(std::string_view text) {
  std::string out;
  bool quoted = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    char letter = text[at];
    if (letter == '"') quoted = !quoted;
    bool after_blank = out.empty() || out.back() == ' ';
    if (!quoted && letter == ' ' && after_blank) continue;
    bool stop = letter == ',' || letter == '.' || letter == ';' || letter == ':';
    // " ," loses its blank, but ".5" and "..." keep theirs; of ", ," and ",." the last counts.
    if (!quoted && stop && (at + 1 == text.size() || text[at + 1] == ' ')) {
      while (!out.empty() && (out.back() == ' ' || out.back() == ',')) out.pop_back();
    }
    out += letter;
    // "a " has been written as a whole word: the next word decides.
    if (!quoted && letter == ' ' && out.size() >= 2 && (out[out.size() - 2] | 0x20) == 'a' &&
        (out.size() == 2 || out[out.size() - 3] == ' ')) {
      std::size_t next = text.find_first_not_of(" \"", at);
      if (next != std::string_view::npos && takes_an(text.substr(next))) {
        out.insert(out.size() - 1, 1, 'n');
      }
    }
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

std::string as_sentence(std::string_view text) {
  std::string sentence = tidy_words(text);
  // A quotation that ends a sentence of its own ends this one too.
  for (std::string_view end : {".\".", "!\".", "?\"."}) {
    if (sentence.ends_with(end)) sentence.pop_back();
  }
  if (!sentence.empty() && sentence[0] >= 'a' && sentence[0] <= 'z') {
    sentence[0] = static_cast<char>(sentence[0] - 'a' + 'A');
  }
  return sentence;
}

}  // namespace kale::world
