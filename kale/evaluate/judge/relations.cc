#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "kale/evaluate/judge/hearing.h"
#include "kale/world/scene/truth.h"

namespace kale::evaluate {
namespace {

using world::Relation;

// Boxes tell left from right where their centres are this far apart, in shares of the side.
constexpr float kClearlyApart = 0.05F;

Relation opposite(Relation relation) {
  switch (relation) {
    case Relation::kLeftOf:
      return Relation::kRightOf;
    case Relation::kRightOf:
      return Relation::kLeftOf;
    case Relation::kBelow:
      return Relation::kAbove;
    case Relation::kAbove:
    case Relation::kOn:
      return Relation::kBelow;
  }
  return Relation::kBelow;
}

bool listed(const world::Scene& scene, int subject, Relation relation, int object) {
  return std::any_of(scene.relations.begin(), scene.relations.end(), [&](const world::Relating& r) {
    return r.subject == subject && r.relation == relation && r.object == object;
  });
}

Verdict by_boxes(const world::Scene& scene, int subject, Relation relation, int object) {
  const world::Box& a = scene.objects[static_cast<std::size_t>(subject)].box;
  const world::Box& b = scene.objects[static_cast<std::size_t>(object)].box;
  const bool sideways = relation == Relation::kLeftOf || relation == Relation::kRightOf;
  const float side = static_cast<float>(sideways ? scene.width : scene.height);
  const float a_centre = sideways ? a.x + a.width / 2 : a.y + a.height / 2;
  const float b_centre = sideways ? b.x + b.width / 2 : b.y + b.height / 2;
  const float before = (b_centre - a_centre) / std::max(side, 1.0F);
  if (std::fabs(before) < kClearlyApart) return Verdict::kUnknown;
  const bool wants_before = relation == Relation::kLeftOf || relation == Relation::kAbove;
  return (before > 0) == wants_before ? Verdict::kTrue : Verdict::kWrong;
}

Verdict verdict_of(const world::Scene& scene, int subject, Relation relation, int object) {
  if (listed(scene, subject, relation, object)) return Verdict::kTrue;
  const bool on_top = listed(scene, subject, Relation::kOn, object);
  const bool under = listed(scene, object, Relation::kOn, subject);
  if (relation == Relation::kOn) return Verdict::kWrong;
  if (relation == Relation::kAbove && (on_top || under))
    return on_top ? Verdict::kTrue : Verdict::kWrong;
  if (relation == Relation::kBelow && (on_top || under))
    return under ? Verdict::kTrue : Verdict::kWrong;
  if (listed(scene, subject, opposite(relation), object)) return Verdict::kWrong;
  return by_boxes(scene, subject, relation, object);
}

// True where some pair makes it true; else unknown where some pair is.
Verdict verdict_of_pair(Hearing& hearing, const RelationClaim& claim, int a, int b) {
  Verdict verdict = Verdict::kWrong;
  bool any = false;
  for (const int subject : best_coloured(hearing, a))
    for (const int object : best_coloured(hearing, b)) {
      if (subject == object) continue;
      any = true;
      const Verdict one = verdict_of(hearing.scene, subject, claim.relation, object);
      if (one == Verdict::kTrue && !claim.negated) {
        std::string first = hearing.object(subject).kind;
        std::string second = hearing.object(object).kind;
        if (second < first) std::swap(first, second);
        hearing.related.emplace(first, second);
      }
      if (one == Verdict::kTrue || (one == Verdict::kUnknown && verdict == Verdict::kWrong))
        verdict = one;
    }
  return any ? verdict : Verdict::kUnknown;
}

}  // namespace

void judge_relations(Hearing& hearing) {
  for (const RelationClaim& claim : hearing.claims.relations) {
    Verdict verdict = Verdict::kWrong;
    for (const auto& [subject, object] : claim.readings) {
      const Verdict one = verdict_of_pair(hearing, claim, subject, object);
      if (one == Verdict::kTrue || (one == Verdict::kUnknown && verdict == Verdict::kWrong))
        verdict = one;
    }
    if (claim.negated && verdict != Verdict::kUnknown)
      verdict = verdict == Verdict::kTrue ? Verdict::kWrong : Verdict::kTrue;
    const auto& [subject, object] = claim.readings.front();
    JudgedClaim& judged = hearing.add(ClaimKind::kRelation, claim.span, verdict,
                                      "the things do not lie so in the picture");
    judged.said =
        fmt::format("{} {}{} {}", hearing.mention(subject).noun, claim.negated ? "not " : "",
                    world::relation_name(claim.relation), hearing.mention(object).noun);
  }
}

}  // namespace kale::evaluate
