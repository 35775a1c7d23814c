#include "kale/evaluate/judge/judge.h"

#include <algorithm>
#include <array>

#include "kale/evaluate/claims/sections.h"
#include "kale/evaluate/judge/hearing.h"

namespace kale::evaluate {

std::string_view claim_kind_name(ClaimKind kind) {
  constexpr std::array<std::string_view, kClaimKinds> kNames = {
      "thing", "count", "colour", "relation", "background", "text", "number", "name"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::string_view verdict_name(Verdict verdict) {
  constexpr std::array<std::string_view, 4> kNames = {"true", "near", "wrong", "unknown"};
  return kNames[static_cast<std::size_t>(verdict)];
}

std::string_view fact_kind_name(FactKind kind) {
  constexpr std::array<std::string_view, kFactKinds> kNames = {
      "kind", "count", "colour", "relation", "text", "background", "value"};
  return kNames[static_cast<std::size_t>(kind)];
}

JudgedClaim& Hearing::add(ClaimKind kind, Span span, Verdict verdict, std::string why) {
  JudgedClaim claim;
  claim.kind = kind;
  claim.span = span;
  claim.verdict = verdict;
  claim.why = std::move(why);
  judgement.claims.push_back(std::move(claim));
  return judgement.claims.back();
}

std::int64_t Judgement::count(ClaimKind kind) const {
  return std::count_if(claims.begin(), claims.end(), [&](const JudgedClaim& claim) {
    return claim.kind == kind && claim.verdict != Verdict::kUnknown && !claim.denial &&
           !claim.generic;
  });
}

std::int64_t Judgement::errors(ClaimKind kind) const {
  return std::count_if(claims.begin(), claims.end(), [&](const JudgedClaim& claim) {
    return claim.kind == kind && is_error(claim.verdict) && !claim.denial;
  });
}

std::int64_t Judgement::facts_told() const {
  return std::count_if(facts.begin(), facts.end(), [](const Fact& fact) { return fact.told; });
}

Judgement judge(const world::Scene& scene, std::string_view caption) {
  std::vector<std::string> names;
  for (const world::Object& object : scene.objects)
    if (!object.name.empty()) names.push_back(phrase_form(object.name));
  Hearing hearing{scene, caption, claims_of(caption, names), {}, {}};
  find_objects(hearing);
  judge_things(hearing);
  judge_counts(hearing);
  judge_colours(hearing);
  judge_relations(hearing);
  judge_texts(hearing);
  judge_numbers(hearing);
  judge_names(hearing);
  list_facts(hearing);
  for (JudgedClaim& claim : hearing.judgement.claims)
    if (claim.verdict == Verdict::kTrue) claim.why.clear();
  std::stable_sort(
      hearing.judgement.claims.begin(), hearing.judgement.claims.end(),
      [](const JudgedClaim& a, const JudgedClaim& b) { return a.span.begin < b.span.begin; });
  return std::move(hearing.judgement);
}

}  // namespace kale::evaluate
