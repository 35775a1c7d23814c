#include "kale/world/tell/knowledge.h"

#include <algorithm>
#include <cctype>

#include "kale/world/tell/entities.h"
#include "kale/world/tell/nouns.h"
#include "kale/world/tell/texts.h"

namespace kale::world {
namespace {

constexpr int kTries = 24;

const Grammar& grammar() {
  static const Grammar made(world_tell_texts::knowledge);
  return made;
}

// Fields in the order in which captions tell them.
std::vector<std::string> fields(const Knowledge& known) {
  std::vector<std::string> names;
  for (const std::string* field :
       {&known.title, &known.maker, &known.event, &known.place, &known.country, &known.date}) {
    if (!field->empty()) names.push_back(*field);
  }
  return names;
}

std::string at_date(const std::string& date) {
  bool day =
      std::isdigit(static_cast<unsigned char>(date[0])) != 0 && date.find(' ') != std::string::npos;
  return (day ? "on " : "in ") + date;
}

int names_held(const std::string& text, const std::vector<std::string>& names) {
  return static_cast<int>(std::ranges::count_if(
      names, [&](const std::string& name) { return holds_name(text, name); }));
}

Slots slots_of(const Scene& scene, const Knowledge& told, const std::string& picture) {
  Slots slots;
  slots.set("picture", picture);
  set_knowledge_slots(scene, told, slots);
  return slots;
}

// The expansion that tells the most names.
std::string fullest(std::string_view rule, const Slots& slots,
                    const std::vector<std::string>& names, Rng& rng) {
  std::string best;
  int most = -1;
  if (!grammar().can_say(rule, slots)) return best;
  for (int attempt = 0; attempt < kTries && most < static_cast<int>(names.size()); ++attempt) {
    std::string text = grammar().say(rule, slots, rng).text;
    if (int held = names_held(text, names); held > most) {
      most = held;
      best = text;
    }
  }
  return best;
}

// What `text` does not tell of it.
Knowledge untold(const Knowledge& told, const std::string& text) {
  Knowledge left = told;
  for (std::string* field :
       {&left.title, &left.maker, &left.event, &left.place, &left.country, &left.date}) {
    if (holds_name(text, *field)) field->clear();
  }
  if (fields(left).empty()) left.entity.clear();
  return left;
}

}  // namespace

std::vector<std::string> Names::all() const {
  std::vector<std::string> names = fields(told);
  names.insert(names.end(), objects.begin(), objects.end());
  return names;
}

Names all_names(const Scene& scene) {
  Names names;
  names.told = scene.knowledge;
  for (const Object& object : scene.objects) {
    if (!object.name.empty()) names.objects.insert(object.name);
  }
  return names;
}

Names names_in(const std::string& text, const Scene& scene) {
  Names names = all_names(scene);
  std::erase_if(names.objects, [&](const std::string& name) { return !holds_name(text, name); });
  for (std::string* field : {&names.told.title, &names.told.maker, &names.told.event,
                             &names.told.place, &names.told.country, &names.told.date}) {
    if (!holds_name(text, *field)) field->clear();
  }
  if (fields(names.told).empty()) names.told.entity.clear();
  return names;
}

void set_knowledge_slots(const Scene& scene, const Knowledge& told, Slots& slots) {
  if (!told.title.empty()) slots.set("title", told.title);
  if (!told.maker.empty()) slots.set("maker", told.maker);
  if (!told.event.empty()) slots.set("event", told.event);
  if (!told.place.empty()) slots.set("place", told.place);
  if (!told.country.empty()) slots.set("country", told.country);
  if (!told.date.empty()) {
    slots.set("date", told.date);
    slots.set("at_date", at_date(told.date));
  }
  slots.flag("made", !told.maker.empty() || !told.place.empty() || !told.country.empty() ||
                         !told.date.empty());
  slots.flag("drawn", scene.style == "drawing");
  Story story = story_of(scene.knowledge);
  slots.flag("artist", story == Story::kArtist);
  slots.flag("photographer", story == Story::kPhotographer);
  slots.flag("brand", story == Story::kBrand);
  slots.flag("event_story", story == Story::kEvent);
  slots.flag("publisher", story == Story::kPublisher);
}

std::vector<std::string> knowledge_sentences(const Scene& scene, const Knowledge& told,
                                             const std::string& picture, Rng& rng) {
  std::vector<std::string> sentences;
  Knowledge left = told;
  while (!left.entity.empty() && sentences.size() < 2) {
    std::string text = fullest("sentence", slots_of(scene, left, picture), fields(left), rng);
    if (text.empty()) break;
    sentences.push_back(as_sentence(text));
    left = untold(left, text);
  }
  return sentences;
}

std::string knowledge_tail(const Scene& scene, const Knowledge& told, Rng& rng) {
  if (told.entity.empty()) return {};
  return fullest("tail", slots_of(scene, told, "picture"), fields(told), rng);
}

}  // namespace kale::world
