// What became of a row at one step. A bad row is data: it leaves with a reason, and the run goes
// on.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "kale/core/result.h"

namespace kale {

// Why a row was dropped. The names are written to rejects files: append only.
enum class Drop {
  kNoAltText,  // no sidecar or alt-text field
  kEmptyAltText,
  kNotUtf8,
  kControlChars,  // control characters in the alt-text
  kNotAnImage,    // no loader on our list knows the bytes
  kTooManyPixels,
  kTooManyBytes,
  kTooSmall,
  kBrokenImage,  // a loader knew it and could not finish
  kUnsafeSvg,    // entities or external references
  kRefused,      // the model declined
  kPromptEcho,   // the reply repeats its instructions
  kRepetition,   // the reply loops
  kEmptyReply,
  kNothingLeft,  // cleaning left no caption
  kNoImage,      // the sample or record holds no picture
};
std::string_view drop_name(Drop reason);  // "empty_alt_text"

struct On {};
struct Dropped {
  Drop reason;
  std::string detail;
};
struct Failed {
  Error error;
};
// Re-enter the row at step `from` with attempt + 1. Past the row's attempt limit the runner fails
// the row.
struct Retry {
  std::string_view from;  // a step's name; static storage
  std::string reason;
};
using Outcome = std::variant<On, Dropped, Failed, Retry>;

}  // namespace kale
