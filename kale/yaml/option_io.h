// The visitors over option structs: read from YAML, printed for the fingerprint, listed for docs.
// Errors   kBadConfig naming the key, what is wrong with it, and the nearest known key
#pragma once

#include <yaml-cpp/yaml.h>

#include <optional>
#include <string>
#include <vector>

#include "kale/core/options.h"
#include "kale/core/result.h"

namespace kale {

// Fills an option struct from a YAML map. Visit, then ask finish().
class OptionReader : public OptionVisitor {
 public:
  // `where` is how the user writes the map's place: "fuse", "engines.llm". `reserved` keys are not
  // options.
  OptionReader(YAML::Node map, std::string where, std::vector<std::string> reserved = {});

  void field(const OptionInfo& info, bool& value) override;
  void field(const OptionInfo& info, std::int64_t& value) override;
  void field(const OptionInfo& info, double& value) override;
  void field(const OptionInfo& info, std::string& value) override;
  void field(const OptionInfo& info, std::vector<std::string>& value) override;

  Status finish();

 private:
  template <class T>
  void scalar(const OptionInfo& info, T& value, std::string_view wanted);
  bool is_null(const OptionInfo& info) const;
  void check_range(const OptionInfo& info, double value);
  void check_choice(const OptionInfo& info, const std::string& value);
  void fail(const OptionInfo& info, const std::string& what);

  YAML::Node map_;
  std::string where_;
  std::vector<std::string> reserved_;
  std::vector<std::string> known_;
  std::optional<Error> error_;
};

// Writes every option as text; what to make of it is left to add().
class OptionTexts : public OptionVisitor {
 public:
  void field(const OptionInfo& info, bool& value) override;
  void field(const OptionInfo& info, std::int64_t& value) override;
  void field(const OptionInfo& info, double& value) override;
  void field(const OptionInfo& info, std::string& value) override;
  void field(const OptionInfo& info, std::vector<std::string>& value) override;
  const std::string& text() const { return text_; }

 protected:
  virtual void add(const OptionInfo& info, const std::string& value) = 0;
  std::string text_;
};

// "candidates=5\ntemperature=0.7\n": only options that affect captions, in their declared order.
class CaptionsText : public OptionTexts {
  void add(const OptionInfo& info, const std::string& value) override;
};

// One Markdown table row an option.
class OptionTable : public OptionTexts {
  void add(const OptionInfo& info, const std::string& preset) override;
};

}  // namespace kale
