// The rules of a scripted engine: parsed from YAML, chosen by the last user message.
// Errors   kBadConfig naming the script, the line and the key
// Threads  choose() is safe from many threads
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kale/core/engine.h"
#include "kale/core/result.h"

namespace re2 {
class RE2;
}

namespace kale {

struct Rule {
  std::string match;
  std::shared_ptr<const re2::RE2> regex;
  std::vector<std::string> replies;  // one per candidate, the last for all further; empty: by hash
  Finish finish = Finish::kStop;
  std::optional<std::int64_t> delay_ms_min;
  std::int64_t delay_ms_max = 0;
  std::optional<Code> fail;
  std::int64_t times = std::numeric_limits<std::int64_t>::max();
};

class Script {
 public:
  static Result<Script> parse(std::string_view yaml, std::string_view name);

  // The first rule for this message that is not used up; nullptr where there is none.
  const Rule* choose(std::string_view message) const;
  // What `rule` replies to `message`, groups filled in. The rule must hold replies.
  static std::string reply(const Rule& rule, std::string_view message, std::size_t candidate);

 private:
  std::vector<Rule> rules_;
  std::unique_ptr<std::atomic<std::int64_t>[]> uses_;  // beside each rule
};

}  // namespace kale
