#include "kale/world/make/counts.h"

#include <fmt/format.h>

#include "kale/world/scene/truth.h"

namespace kale::world {
namespace {

std::string listed(const std::map<std::string, std::int64_t>& tally) {
  std::string line;
  for (const auto& [name, count] : tally)
    line += fmt::format("{}{} {}", line.empty() ? "" : ", ", name, count);
  return line;
}

}  // namespace

void Counts::add(const Scene& scene) {
  ++scenes_;
  objects_ += static_cast<std::int64_t>(scene.objects.size());
  texts_ += static_cast<std::int64_t>(scene.texts.size());
  relations_ += static_cast<std::int64_t>(scene.relations.size());
  questions_ += static_cast<std::int64_t>(scene.questions.size());
  for (const Object& object : scene.objects) {
    ++parts_[object.part];
    ++kinds_[object.kind];
    if (!object.name.empty()) ++names_[object.name];
    if (object.tint) ++tints_;
  }
  for (const Text& text : scene.texts) ++fonts_[text.font];
  ++layouts_[std::string(layout_name(scene.layout))];
  ++backgrounds_[scene.background.kind];
  if (!scene.background.source.empty()) ++wallpapers_[scene.background.source];
  ++styles_[scene.style];
  ++forms_[std::string(alt_form_name(scene.alt_text.form))];
}

std::string Counts::table() const {
  return fmt::format(
      "scenes       {}\n"
      "objects      {}, of {} parts, {} kinds, {} names; {} tinted\n"
      "relations    {}\n"
      "texts        {}, in {} fonts\n"
      "questions    {}\n"
      "layouts      {}\n"
      "backgrounds  {}; {} wallpapers\n"
      "styles       {}\n"
      "alt-texts    {}\n",
      scenes_, objects_, parts_.size(), kinds_.size(), names_.size(), tints_, relations_, texts_,
      fonts_.size(), questions_, listed(layouts_), listed(backgrounds_), wallpapers_.size(),
      listed(styles_), listed(forms_));
}

}  // namespace kale::world
