// The tables of everything a recipe can name. Adding a step, a source or an engine is one row here.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "kale/yaml/option_io.h"
#include "kale/core/build.h"
#include "kale/core/source.h"
#include "kale/core/step.h"

namespace kale {

template <class Part>
struct Made {
  std::unique_ptr<Part> part;
  std::string captions_text;  // its options that affect captions, for the fingerprint
};

template <class Part>
struct Entry {
  std::string_view name;
  std::string_view help;
  void (*show)(OptionVisitor& visitor);  // visits the options at their defaults
  Result<Made<Part>> (*make)(OptionReader& reader, const BuildContext& build);
};

std::span<const Entry<Source>> source_table();
std::span<const Entry<Engine>> engine_table();
std::span<const Entry<Step>> step_table();

// The Markdown behind docs/options.md and `kale options`.
std::string options_page();

}  // namespace kale
