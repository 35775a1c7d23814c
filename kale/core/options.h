// Options declared once and visited: YAML in, YAML out, --set, help, docs and fingerprint are
// all visitors.
//
//   struct FuseOptions {
//     std::int64_t new_tokens_max = 96;
//     void visit(OptionVisitor& v) {
//       v.field({.name = "new_tokens_max", .help = "longest reply, in tokens",
//                .min = 8, .max = 4096}, new_tokens_max);
//     }
//   };
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace kale {

enum class Affects {
  kCaptions,   // part of the fingerprint: changing it redoes the step
  kSpeedOnly,  // threads, batch sizes, paths whose content is hashed elsewhere
};

struct OptionInfo {
  std::string_view name;
  std::string_view help;  // one line: meaning and unit
  Affects affects = Affects::kCaptions;
  double min = -std::numeric_limits<double>::infinity();
  double max = std::numeric_limits<double>::infinity();
  std::vector<std::string_view> choices = {};  // allowed texts; empty for any
};

class OptionVisitor {
 public:
  virtual ~OptionVisitor() = default;
  virtual void field(const OptionInfo& info, bool& value) = 0;
  virtual void field(const OptionInfo& info, std::int64_t& value) = 0;
  virtual void field(const OptionInfo& info, double& value) = 0;
  virtual void field(const OptionInfo& info, std::string& value) = 0;
  virtual void field(const OptionInfo& info, std::vector<std::string>& value) = 0;
};

}  // namespace kale
