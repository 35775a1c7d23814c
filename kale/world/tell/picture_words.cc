#include "kale/world/tell/picture_words.h"

#include <array>

#include "kale/world/tell/nouns.h"
#include "kale/world/tell/texts.h"

namespace kale::world {
namespace {

// From where on a flaw is seen at the size that pictures are looked at.
constexpr float kBlurFrom = 0.6F, kNoiseFrom = 3, kVignetteFrom = 0.15F, kCroppedFrom = 0.03F;
constexpr int kRoughBelow = 45;
constexpr double kSquareTo = 1.05;

template <std::size_t N>
std::string pick(const std::array<std::string_view, N>& words, Rng& rng) {
  return std::string(words[rng.below(N)]);
}

std::string picture_word(const std::string& style, Rng& rng) {
  static constexpr std::array<std::string_view, 6> kPhoto{"photo",   "photo", "photograph",
                                                          "picture", "image", "picture"};
  static constexpr std::array<std::string_view, 6> kDrawing{"drawing", "drawing", "illustration",
                                                            "picture", "image",   "illustration"};
  static constexpr std::array<std::string_view, 4> kMixed{"picture", "image", "picture",
                                                          "composition"};
  if (style == "photo") return pick(kPhoto, rng);
  if (style == "drawing") return pick(kDrawing, rng);
  return pick(kMixed, rng);
}

}  // namespace

const Grammar& dense_grammar() {
  static const Grammar made(std::string(world_tell_texts::dense) + "\n" +
                            std::string(world_tell_texts::text_dense) + "\n" +
                            std::string(world_tell_texts::brief));
  return made;
}

std::string relation_rule(Relation relation) {
  switch (relation) {
    case Relation::kLeftOf:
      return "left_of";
    case Relation::kRightOf:
      return "right_of";
    case Relation::kAbove:
      return "above";
    case Relation::kBelow:
      return "below";
    case Relation::kOn:
      return "on";
  }
  return {};
}

std::string place_words(const std::string& region, Rng& rng) {
  if (region.empty()) return {};
  std::string rule = "at_" + region;
  replace_all(rule, " ", "_");
  return dense_grammar().say(rule, {}, rng).text;
}

void set_picture_slots(const Look& look, Rng& rng, Slots& slots) {
  const Scene& scene = look.scene;
  slots.set("picture", picture_word(scene.style, rng));
  slots.set("bg", scene.background.colour);
  const std::string& kind = scene.background.kind;
  slots.flag("plain", kind == "plain");
  slots.flag("gradient", kind == "gradient");
  slots.flag("sheet", kind == "paper");
  slots.flag("wallpaper", kind == "wallpaper");
  auto count = static_cast<int>(scene.objects.size());
  if (count > 1) slots.set("number", number_word(count), true);
  slots.flag("one_thing", count == 1);
  slots.flag("no_text", scene.texts.empty());
  slots.flag("only_these", scene.texts.empty() && kind != "wallpaper");
  slots.flag("no_things", scene.objects.empty() && kind != "wallpaper");
  bool simple = scene.objects.size() + scene.texts.size() <= 3;
  slots.flag("simple", simple);
  slots.flag("calm", simple);
  slots.flag("drawn", scene.style == "drawing");
  slots.flag("photo", scene.style == "photo");
  slots.flag("mixed", scene.style == "mixed");
  slots.flag("wide", scene.width > kSquareTo * scene.height);
  slots.flag("upright", scene.height > kSquareTo * scene.width);
  slots.flag("square", scene.height == scene.width);
  const Spoiling& spoiling = scene.spoiling;
  bool blurred = spoiling.blur_sigma >= kBlurFrom, noisy = spoiling.noise_sigma >= kNoiseFrom;
  bool dark = spoiling.vignette >= kVignetteFrom, rough = spoiling.jpeg_quality < kRoughBelow;
  slots.flag("blurred", blurred);
  slots.flag("noisy", noisy);
  slots.flag("dark_corners", dark);
  slots.flag("cropped", spoiling.cropped >= kCroppedFrom);
  slots.flag("rough", rough);
  slots.flag("clean", spoiling.blur_sigma == 0 && spoiling.noise_sigma == 0 && !rough);
}

}  // namespace kale::world
