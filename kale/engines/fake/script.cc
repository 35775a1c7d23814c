#include "kale/engines/fake/script.h"

#include <fmt/format.h>
#include <re2/re2.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>

namespace kale {
namespace {

constexpr std::array kCodes{Code::kBadConfig, Code::kNotFound,   Code::kIo,       Code::kCorrupt,
                            Code::kTimeout,   Code::kEngineGone, Code::kNotBuilt, Code::kLimit,
                            Code::kRejected,  Code::kCancelled, Code::kBug};
constexpr std::array kFinishes{Finish::kStop, Finish::kLength, Finish::kRepetition};

class RuleParser {
 public:
  explicit RuleParser(std::string_view name) : name_(name) {}

  Result<Rule> parse(const YAML::Node& node) const {
    if (!node.IsMap()) return bad(node, "a rule is a map of match, reply, ...");
    Rule rule;
    for (const auto& entry : node) {
      auto key = entry.first.as<std::string>();
      KALE_OK(take(key, entry.second, rule));
    }
    if (!rule.match.empty() && rule.regex) return bad(node, "give match or regex, not both");
    return rule;
  }

  Error bad(const YAML::Node& node, std::string_view why) const {
    return {Code::kBadConfig, fmt::format("{}:{}: {}", name_, node.Mark().line + 1, why)};
  }

 private:
  Status take(const std::string& key, const YAML::Node& value, Rule& rule) const {
    if (key == "match") {
      rule.match = value.as<std::string>();
    } else if (key == "regex") {
      auto regex = std::make_shared<re2::RE2>(value.as<std::string>(), re2::RE2::Quiet);
      if (!regex->ok()) return bad(value, "regex: " + regex->error());
      rule.regex = std::move(regex);
    } else if (key == "reply") {
      rule.replies = value.IsSequence() ? value.as<std::vector<std::string>>()
                                        : std::vector{value.as<std::string>()};
    } else if (key == "times") {
      rule.times = value.as<std::int64_t>();
    } else if (key == "delay_ms") {
      return take_delay(value, rule);
    } else if (key == "fail") {
      return take_fail(value, rule);
    } else if (key == "finish") {
      return take_finish(value, rule);
    } else {
      return bad(value, fmt::format("unknown key {}; known: match, regex, reply, finish, "
                                    "delay_ms, fail, times",
                                    key));
    }
    return {};
  }

  Status take_delay(const YAML::Node& value, Rule& rule) const {
    bool range = value.IsSequence();
    if (range && value.size() != 2) return bad(value, "delay_ms: a number or [least, most]");
    rule.delay_ms_min = (range ? value[0] : value).as<std::int64_t>();
    rule.delay_ms_max = (range ? value[1] : value).as<std::int64_t>();
    if (*rule.delay_ms_min < 0 || rule.delay_ms_max < *rule.delay_ms_min)
      return bad(value, "delay_ms: not negative, least before most");
    return {};
  }

  Status take_fail(const YAML::Node& value, Rule& rule) const {
    auto name = value.as<std::string>();
    auto found = std::find_if(kCodes.begin(), kCodes.end(),
                              [&](Code code) { return code_name(code) == name; });
    if (found == kCodes.end())
      return bad(value, fmt::format("fail: {} is no error code, such as kTimeout", name));
    rule.fail = *found;
    return {};
  }

  Status take_finish(const YAML::Node& value, Rule& rule) const {
    auto name = value.as<std::string>();
    auto found = std::find_if(kFinishes.begin(), kFinishes.end(),
                              [&](Finish finish) { return finish_name(finish) == name; });
    if (found == kFinishes.end())
      return bad(value, fmt::format("finish: {} is none of stop, length, repetition", name));
    rule.finish = *found;
    return {};
  }

  std::string_view name_;
};

Result<std::vector<Rule>> parse_rules(std::string_view yaml, std::string_view name) {
  RuleParser parser(name);
  std::vector<Rule> rules;
  YAML::Node root = YAML::Load(std::string(yaml));
  if (root.IsNull()) return rules;
  if (!root.IsSequence()) return parser.bad(root, "a script is a list of rules");
  for (const auto& node : root) {
    KALE_TRY(auto rule, parser.parse(node));
    rules.push_back(std::move(rule));
  }
  return rules;
}

bool matches(const Rule& rule, std::string_view message) {
  if (rule.regex) return re2::RE2::PartialMatch(message, *rule.regex);
  return message.find(rule.match) != std::string_view::npos;
}

}  // namespace

Result<Script> Script::parse(std::string_view yaml, std::string_view name) {
  Script script;
  try {
    KALE_TRY(script.rules_, parse_rules(yaml, name));
  } catch (const YAML::Exception& problem) {
    return Error{Code::kBadConfig, fmt::format("{}: {}", name, problem.what())};
  }
  script.uses_ = std::make_unique<std::atomic<std::int64_t>[]>(script.rules_.size());
  return script;
}

const Rule* Script::choose(std::string_view message) const {
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    if (!matches(rules_[i], message)) continue;
    if (uses_[i].fetch_add(1, std::memory_order_relaxed) < rules_[i].times) return &rules_[i];
  }
  return nullptr;
}

std::string Script::reply(const Rule& rule, std::string_view message, std::size_t candidate) {
  const std::string& text = rule.replies[std::min(candidate, rule.replies.size() - 1)];
  std::string filled;
  if (rule.regex && re2::RE2::Extract(message, *rule.regex, text, &filled)) return filled;
  return text;
}

}  // namespace kale
