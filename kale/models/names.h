// Names of tensors as files have them, where they differ from those of transformers 4, which are
// ours.
// Threads  plain values
#pragma once

#include <array>
#include <string>
#include <string_view>

namespace kale {

// The first rule whose `from` begins a name applies once.
struct Rename {
  std::string_view from;
  std::string_view to;
};

// Of LLaVA: those of transformers 5.
inline constexpr std::array<Rename, 7> kLlavaRenames = {{
    {"model.language_model.", "language_model.model."},
    {"lm_head.", "language_model.lm_head."},
    {"model.multi_modal_projector.", "multi_modal_projector."},
    {"model.vision_tower.vision_model.", "vision_tower.vision_model."},
    {"model.vision_tower.", "vision_tower.vision_model."},
    {"vision_tower.vision_model.", "vision_tower.vision_model."},
    {"vision_tower.", "vision_tower.vision_model."},
}};

template <class Renames>
std::string renamed(std::string_view name, const Renames& renames) {
  for (const Rename& rename : renames) {
    if (name.starts_with(rename.from)) {
      return std::string(rename.to).append(name.substr(rename.from.size()));
    }
  }
  return std::string(name);
}

// Known not to be weights: buffers that older versions wrote.
inline bool is_buffer(std::string_view name) {
  return name.ends_with(".position_ids") || name.ends_with(".rotary_emb.inv_freq");
}

}  // namespace kale
