// A caption held against the truth of its picture: each claim with its verdict, the facts of the
// picture that it tells, and what became of the names in the alt-text.
// Paper    objects that are not there: CHAIR, arXiv 1809.02156, with the world's own nouns
// Threads  free functions, safe
// Units    spans in bytes of the caption
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "kale/evaluate/claims/claims.h"
#include "kale/world/scene/scene.h"

namespace kale::evaluate {

enum class ClaimKind : std::uint8_t {
  kThing,       // "a bird"
  kCount,       // "two birds"
  kColour,      // "a red bird", "it is red"
  kRelation,    // "left of the car"
  kBackground,  // its colour
  kText,        // a quotation, or "no text"
  kNumber,      // of a chart, a price, a year; how many bars or rows
  kName,
};
inline constexpr std::size_t kClaimKinds = 8;
std::string_view claim_kind_name(ClaimKind kind);  // "thing"

enum class Verdict : std::uint8_t {
  kTrue,
  kNear,  // a quotation that differs by a few letters; an error of its own
  kWrong,
  kUnknown,  // the truth does not say, or it hangs on a claim that is wrong itself
};
std::string_view verdict_name(Verdict verdict);  // "true"
inline bool is_error(Verdict verdict) {
  return verdict == Verdict::kWrong || verdict == Verdict::kNear;
}

struct JudgedClaim {
  ClaimKind kind = ClaimKind::kThing;
  Span span;
  Verdict verdict = Verdict::kUnknown;
  bool denial = false;   // "no bird": not counted among the things mentioned
  bool generic = false;  // "an object": neither
  std::string said;      // in plain words: "two birds"
  std::string why;       // of an error, what is so: "the picture shows one bird"
};

// What a scene has to tell. A caption of n words cannot tell all; shares compare captions.
enum class FactKind : std::uint8_t {
  kKind,        // each kind of thing that is there
  kCount,       // of each kind that is there more than once
  kColour,      // the main colour of each thing
  kRelation,    // each pair of kinds between which the truth lists a relation
  kText,        // each text, values of a chart aside
  kBackground,  // its colour
  kValue,       // each bar of a chart with its value
};
inline constexpr std::size_t kFactKinds = 7;
std::string_view fact_kind_name(FactKind kind);

struct Fact {
  FactKind kind = FactKind::kKind;
  std::string what;  // "bird", "3 birds", "bird is red"
  bool told = false;
};

struct Judgement {
  std::vector<JudgedClaim> claims;  // in the order of the caption
  std::vector<Fact> facts;
  // Of the alt-text: true names that the caption has and lacks, and false ones that it repeats.
  std::vector<std::string> names_kept, names_lost, false_names;

  std::int64_t count(ClaimKind kind) const;  // judged: unknown ones, denials and "object" aside
  std::int64_t errors(ClaimKind kind) const;
  std::int64_t facts_told() const;
};

Judgement judge(const world::Scene& scene, std::string_view caption);

}  // namespace kale::evaluate
