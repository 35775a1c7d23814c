#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "kale/evaluate/judge/hearing.h"

namespace kale::evaluate {
namespace {

bool contains(const std::vector<std::string>& all, std::string_view one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

std::string colours_of(const Hearing& hearing, const std::vector<int>& objects) {
  std::vector<std::string> parts;
  for (const int i : objects)
    parts.push_back(fmt::format("the {} is {}", hearing.object(i).kind,
                                fmt::join(hearing.object(i).colours, " and ")));
  return fmt::format("{}", fmt::join(parts, ", "));
}

// Of "a subject", or of a noun that is neither there nor known to be missing: a colour of anything
// that it may mean, in pictures of writing the page too.
Verdict judge_something(const Hearing& hearing, const ColourClaim& claim) {
  const world::Scene& scene = hearing.scene;
  std::vector<std::string> there;
  if (scene.chart) there.push_back(scene.chart->bar_colour);
  if (scene.layout != world::Layout::kObjects) {
    there.push_back(scene.background.colour);
    for (const world::Text& text : scene.texts) there.push_back(text.colour);
  }
  const bool found =
      std::any_of(there.begin(), there.end(),
                  [&](const std::string& colour) { return contains(claim.colours, colour); }) ||
      std::any_of(scene.objects.begin(), scene.objects.end(),
                  [&](const world::Object& object) { return has_colour(object, claim.colours); });
  return found != claim.negated ? Verdict::kTrue : Verdict::kWrong;
}

// Of how many things the claim must be true: "two of the birds are red", "red birds", and all of
// "the birds are red".
std::size_t told_of(const Hearing& hearing, const ColourClaim& claim, int mention) {
  const Mention& said = hearing.mention(mention);
  const std::size_t all = hearing.objects(mention).size();
  std::size_t told = said.number == Number::kSeveral ? all : 1;
  for (const CountClaim& count : hearing.claims.counts)
    if (count.mention == mention) told = static_cast<std::size_t>(std::max(count.count, 1));
  const bool counted = std::any_of(
      hearing.claims.counts.begin(), hearing.claims.counts.end(),
      [&](const CountClaim& count) { return count.mention == mention && count.spoken; });
  if (!counted && said.number == Number::kSeveral && !claim.before_noun) told = all;
  if (said.told_of > 0) told = static_cast<std::size_t>(said.told_of);
  return std::min(told, all);
}

// "Two red and blue birds" may be one of each: every one has one of the colours, and each colour is
// some one's. Where one colour is nobody's, that one is wrong and the others are not.
Verdict judge_several(Hearing& hearing, const ColourClaim& claim, int mention, std::size_t told) {
  std::vector<std::vector<int>> owners;  // of each colour that is told together with this one
  std::set<int> have;
  for (const ColourClaim& other : hearing.claims.colours) {
    if (other.before_noun != claim.before_noun || other.negated != claim.negated ||
        std::find(other.mentions.begin(), other.mentions.end(), mention) == other.mentions.end())
      continue;
    owners.emplace_back();
    for (const int i : hearing.objects(mention)) {
      if (hearing.object(i).colours.empty()) return Verdict::kUnknown;
      if (has_colour(hearing.object(i), other.colours)) owners.back().push_back(i);
    }
    have.insert(owners.back().begin(), owners.back().end());
  }
  const bool all_owned = std::none_of(owners.begin(), owners.end(),
                                      [](const auto& objects) { return objects.empty(); });
  std::vector<int> own;
  for (const int i : hearing.objects(mention))
    if (has_colour(hearing.object(i), claim.colours)) own.push_back(i);
  if (own.empty() || (all_owned && have.size() < told)) return Verdict::kWrong;
  for (const int i : own)
    if (contains(claim.colours, hearing.object(i).colours.front())) hearing.coloured.insert(i);
  return Verdict::kTrue;
}

Verdict judge_mention(Hearing& hearing, const ColourClaim& claim, int mention) {
  if (hearing.mention(mention).negated) return Verdict::kUnknown;
  if (hearing.there[static_cast<std::size_t>(mention)] == Verdict::kWrong) return Verdict::kWrong;
  if (hearing.mention(mention).generic || hearing.objects(mention).empty())
    return judge_something(hearing, claim);
  const std::size_t told = told_of(hearing, claim, mention);
  if (told > 1 && !claim.negated) return judge_several(hearing, claim, mention, told);
  const bool one = hearing.mention(mention).number == Number::kOne;
  const auto& all = hearing.objects(mention);
  // Nothing says which of several is meant where something is denied.
  auto meant = one && !claim.negated ? best_coloured(hearing, mention) : all;
  if (one && !claim.negated) meant.resize(1);  // "a red and blue bird" is not two birds
  bool found = false;
  for (const int i : meant) {
    if (hearing.object(i).colours.empty()) return Verdict::kUnknown;
    if (!has_colour(hearing.object(i), claim.colours)) continue;
    found = true;
    if (!claim.negated && contains(claim.colours, hearing.object(i).colours.front()))
      hearing.coloured.insert(i);
  }
  return found != claim.negated ? Verdict::kTrue : Verdict::kWrong;
}

void judge_background(Hearing& hearing, const ColourClaim& claim) {
  const world::Background& background = hearing.scene.background;
  Verdict verdict = Verdict::kUnknown;
  if (!background.colour.empty()) {
    const bool has = contains(claim.colours, background.colour);
    verdict = has != claim.negated ? Verdict::kTrue : Verdict::kWrong;
    hearing.background_told |= has && !claim.negated;
  }
  hearing.add(ClaimKind::kBackground, claim.span, verdict,
              fmt::format("the background is {}", background.colour));
  hearing.judgement.claims.back().said =
      fmt::format("background {}{}", claim.negated ? "not " : "", hearing.text(claim.span));
}

// Of letters and of bars: one of their colours.
void judge_writing(Hearing& hearing, const ColourClaim& claim) {
  std::vector<std::string> there;
  if (claim.about == About::kBars && hearing.scene.chart)
    there.push_back(hearing.scene.chart->bar_colour);
  if (claim.about == About::kLetters)
    for (const world::Text& text : hearing.scene.texts)
      if (!text.colour.empty() && !contains(there, text.colour)) there.push_back(text.colour);
  Verdict verdict = Verdict::kUnknown;
  if (!there.empty()) {
    const bool has = std::any_of(there.begin(), there.end(), [&](const std::string& colour) {
      return contains(claim.colours, colour);
    });
    verdict = has != claim.negated ? Verdict::kTrue : Verdict::kWrong;
  }
  const std::string_view noun = claim.about == About::kBars ? "bars" : "letters";
  hearing.add(ClaimKind::kColour, claim.span, verdict,
              fmt::format("the {} are {}", noun, fmt::join(there, " and ")));
  hearing.judgement.claims.back().said =
      fmt::format("{} {}{}", noun, claim.negated ? "not " : "", hearing.text(claim.span));
}

// A motley ground has more colours than its main one: once that is named, the others pass.
void excuse_motley_background(Hearing& hearing) {
  const std::string& kind = hearing.scene.background.kind;
  if (!hearing.background_told || (kind != "wallpaper" && kind != "gradient")) return;
  for (JudgedClaim& claim : hearing.judgement.claims)
    if (claim.kind == ClaimKind::kBackground && claim.verdict == Verdict::kWrong)
      claim.verdict = Verdict::kUnknown;
}

}  // namespace

bool has_colour(const world::Object& object, const std::vector<std::string>& any_of) {
  if (object.tint && contains(any_of, *object.tint)) return true;
  return std::any_of(object.colours.begin(), object.colours.end(),
                     [&](const std::string& colour) { return contains(any_of, colour); });
}

bool has_colours(const world::Object& object, const std::vector<std::string>& colours) {
  return std::all_of(colours.begin(), colours.end(), [&](const std::string& colour) {
    return has_colour(object, split_colours(colour));
  });
}

std::vector<int> best_coloured(const Hearing& hearing, int mention) {
  std::vector<int> best;
  std::size_t most = 0;
  for (const int i : hearing.objects(mention)) {
    std::size_t has = 0;
    for (const std::string& colours : hearing.mention(mention).colours)
      has += has_colour(hearing.object(i), split_colours(colours)) ? 1 : 0;
    if (has < most) continue;
    if (has > most) best.clear();
    most = has;
    best.push_back(i);
  }
  return best;
}

void judge_colours(Hearing& hearing) {
  for (const ColourClaim& claim : hearing.claims.colours) {
    if (claim.about != About::kThings) {
      claim.about == About::kBackground ? judge_background(hearing, claim)
                                        : judge_writing(hearing, claim);
      continue;
    }
    // Said of several, it must be true of each: "a bird and a car are red".
    Verdict verdict = Verdict::kTrue;
    std::vector<int> shown;
    std::string nouns;
    bool missing = false;
    for (const int mention : claim.mentions) {
      const Verdict one = judge_mention(hearing, claim, mention);
      missing |= hearing.there[static_cast<std::size_t>(mention)] == Verdict::kWrong;
      if (one == Verdict::kWrong || verdict == Verdict::kTrue) verdict = one;
      for (const int i : hearing.objects(mention)) shown.push_back(i);
      nouns += (nouns.empty() ? "" : " and ") + hearing.mention(mention).noun;
      if (one == Verdict::kWrong) break;
    }
    std::string why =
        missing ? "no such thing is in the picture" : "nothing that may be meant has this colour";
    if (!shown.empty()) why = colours_of(hearing, shown);
    JudgedClaim& judged = hearing.add(ClaimKind::kColour, claim.span, verdict, why);
    judged.said =
        fmt::format("{} {}{}", nouns, claim.negated ? "not " : "", hearing.text(claim.span));
  }
  excuse_motley_background(hearing);
}

}  // namespace kale::evaluate
