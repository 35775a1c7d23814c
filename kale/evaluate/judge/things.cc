#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "kale/evaluate/claims/lexicon.h"
#include "kale/evaluate/claims/sections.h"
#include "kale/evaluate/judge/hearing.h"
#include "kale/world/scene/kinds.h"

namespace kale::evaluate {
namespace {

enum class Fit { kNo, kUnknown, kYes };

// "penguin" of "magellanic penguin", "rosella" of "adelaide rosella"; the whole name too.
bool ends_name(std::string_view name, std::string_view noun) {
  if (!name.ends_with(noun)) return false;
  return name.size() == noun.size() || name[name.size() - noun.size() - 1] == ' ';
}

// A wider word for what the name ends in: "parrot" for a rosella.
bool is_wider_than_name(std::string_view name, const std::string& noun) {
  const Lexicon& lexicon = Lexicon::get();
  for (std::size_t begin = 0; begin != std::string_view::npos;) {
    const std::string_view tail = name.substr(begin);
    if (const NounForm* form = lexicon.noun_form(tail))
      return lexicon.wider(form->noun).contains(noun);
    begin = name.find(' ', begin);
    if (begin != std::string_view::npos) ++begin;
  }
  return false;
}

Fit fit(const Mention& mention, const world::Object& object) {
  if (mention.generic) return Fit::kYes;
  const Lexicon& lexicon = Lexicon::get();
  const std::string name = phrase_form(object.name);
  if (lexicon.said_of_kind(object.kind).contains(mention.noun) || mention.noun == object.kind ||
      mention.noun == object.category)
    return Fit::kYes;
  if (!name.empty() && (ends_name(name, mention.noun) || is_wider_than_name(name, mention.noun)))
    return Fit::kYes;
  // Finer than the kind: the name decides where there is one.
  if (lexicon.wider(mention.noun).contains(phrase_form(object.kind)))
    return name.empty() ? Fit::kUnknown : Fit::kNo;
  return Fit::kNo;
}

// A word of a sign or a table is not a thing, nor is a word of a name that is known to be true.
bool stands_in_texts(const Hearing& hearing, const Mention& mention) {
  const std::string said = text_form(hearing.text(mention.span));
  for (const world::Text& text : hearing.scene.texts)
    if (holds_words(text_form(text.text), said) || holds_words(text_form(text.text), mention.noun))
      return true;
  if (hearing.scene.chart)
    for (const std::string& label : hearing.scene.chart->labels)
      if (holds_words(text_form(label), said) || holds_words(text_form(label), mention.noun))
        return true;
  for (const NameClaim& name : hearing.claims.names)
    if (name.span.begin < mention.span.begin && name.span.end >= mention.span.end) return true;
  const world::Knowledge& known = hearing.scene.knowledge;
  for (const std::string* field : {&known.title, &known.event})
    if (!field->empty() && hearing.caption.find(*field) != std::string_view::npos &&
        holds_words(text_form(*field), said))
      return true;
  return false;
}

// "No red bird" is true beside a blue one.
Verdict verdict_of_denial(const Hearing& hearing, int mention) {
  const Mention& denied = hearing.mention(mention);
  if (hearing.there[static_cast<std::size_t>(mention)] == Verdict::kUnknown)
    return Verdict::kUnknown;
  const auto& objects = hearing.objects(mention);
  const bool there = std::any_of(objects.begin(), objects.end(), [&](int i) {
    return has_colours(hearing.object(i), denied.colours);
  });
  if (!there) return Verdict::kTrue;
  return denied.elsewhere ? Verdict::kUnknown : Verdict::kWrong;
}

}  // namespace

std::string spoken_count(int count, std::string_view kind) {
  const world::Kind* known = world::find_kind(kind);
  return fmt::format("{} {}", count, count != 1 && known ? known->plural : std::string(kind));
}

std::string inventory(const world::Scene& scene) {
  std::map<std::string, int> kinds;
  for (const world::Object& object : scene.objects) ++kinds[object.kind];
  if (kinds.empty()) return "the picture shows no things";
  std::vector<std::string> parts;
  for (const auto& [kind, count] : kinds) parts.push_back(spoken_count(count, kind));
  return fmt::format("the picture shows {}", fmt::join(parts, ", "));
}

void find_objects(Hearing& hearing) {
  for (const Mention& mention : hearing.claims.mentions) {
    std::vector<int> meant;
    bool unknown = false;
    for (std::size_t i = 0; i < hearing.scene.objects.size(); ++i) {
      const Fit how = fit(mention, hearing.scene.objects[i]);
      if (how == Fit::kYes) meant.push_back(static_cast<int>(i));
      unknown |= how == Fit::kUnknown;
    }
    Verdict verdict = Verdict::kTrue;
    if (meant.empty()) {
      const bool wallpaper =
          hearing.scene.background.kind == "wallpaper" && Lexicon::get().is_scenery(mention.noun);
      unknown |= wallpaper || mention.generic || stands_in_texts(hearing, mention);
      verdict = unknown ? Verdict::kUnknown : Verdict::kWrong;
    }
    hearing.meant.push_back(std::move(meant));
    hearing.there.push_back(verdict);
  }
}

void judge_things(Hearing& hearing) {
  for (std::size_t i = 0; i < hearing.claims.mentions.size(); ++i) {
    const Mention& mention = hearing.claims.mentions[i];
    Verdict verdict = hearing.there[i];
    std::string why = inventory(hearing.scene);
    if (mention.generic && !mention.negated) verdict = Verdict::kUnknown;  // "a subject" fits all
    if (mention.negated) verdict = verdict_of_denial(hearing, static_cast<int>(i));
    JudgedClaim& claim = hearing.add(ClaimKind::kThing, mention.span, verdict, std::move(why));
    claim.denial = mention.negated;
    claim.generic = mention.generic;
    claim.said = (mention.negated ? "no " : "") + mention.noun;
  }
}

}  // namespace kale::evaluate
