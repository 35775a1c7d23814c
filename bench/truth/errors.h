// Known errors put into captions that are true of their scene. Where they go is found by words of
// the caption alone, never by the reader that is measured with them.
// Threads  free functions, safe
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "kale/core/rng.h"
#include "kale/evaluate/judge/judge.h"
#include "kale/world/scene/scene.h"

namespace kale::bench {

enum class ErrorType : std::uint8_t {
  kColour,    // another colour, which nothing in the picture has
  kThing,     // a thing that is not there
  kCount,     // one more or one less
  kOne,       // one where there are several
  kRelation,  // left for right, above for below
  kQuote,     // another word in a quotation
  kNumber,    // another value of a chart
  kName,      // another name in place of a true one
  kNameLost,  // a true name left out
};
inline constexpr std::size_t kErrorTypes = 9;
std::string_view error_type_name(ErrorType type);

struct Spoiled {
  std::string caption;
  evaluate::Span span;  // of what was put in; empty for a name left out
  std::string name;     // that was left out
};

// Nothing where the caption has no place for the error.
std::optional<Spoiled> spoil(const world::Scene& scene, std::string_view caption, ErrorType type,
                             Rng& rng);

// Of errors reported in a spoiled caption: at its error, and elsewhere in claims of the same kind.
struct Findings {
  bool found = false;
  int elsewhere = 0;
};
Findings look(const Spoiled& spoiled, const evaluate::Judgement& judged, ErrorType type);

}  // namespace kale::bench
