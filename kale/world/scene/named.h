// Enums of a scene by their names in JSON.
// Threads  functions are safe
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kale/world/scene/truth.h"

namespace kale::world {

inline std::string_view name_of(Split value) { return split_name(value); }
inline std::string_view name_of(Layout value) { return layout_name(value); }
inline std::string_view name_of(Relation value) { return relation_name(value); }
inline std::string_view name_of(TextRole value) { return role_name(value); }
inline std::string_view name_of(AltForm value) { return alt_form_name(value); }
inline std::string_view name_of(QuestionKind value) { return question_kind_name(value); }

// The last enumerator of each, so that all can be walked through.
constexpr Split last_of(Split) { return Split::kTest; }
constexpr Layout last_of(Layout) { return Layout::kPage; }
constexpr Relation last_of(Relation) { return Relation::kOn; }
constexpr TextRole last_of(TextRole) { return TextRole::kLine; }
constexpr AltForm last_of(AltForm) { return AltForm::kInstruction; }
constexpr QuestionKind last_of(QuestionKind) { return QuestionKind::kChoice; }

template <class E>
concept Named = requires(E value) {
  name_of(value), last_of(value);
};

template <Named E>
std::vector<std::string_view> names_of() {
  std::vector<std::string_view> names;
  for (int i = 0; i <= static_cast<int>(last_of(E{})); ++i)
    names.push_back(name_of(static_cast<E>(i)));
  return names;
}

template <Named E>
bool value_named(std::string_view name, E& value) {
  const std::vector<std::string_view> names = names_of<E>();
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] != name) continue;
    value = static_cast<E>(i);
    return true;
  }
  return false;
}

}  // namespace kale::world
