#include <array>

#include "kale/core/check.h"
#include "kale/world/scene/truth.h"

namespace kale::world {
namespace {

template <class E, std::size_t N>
std::string_view name_in(const std::array<std::string_view, N>& names, E value) {
  const auto at = static_cast<std::size_t>(value);
  KALE_CHECK(at < N, "an enumerator without a name");
  return names[at];
}

}  // namespace

std::string_view split_name(Split split) {
  constexpr std::array<std::string_view, 3> kNames = {"train", "validation", "test"};
  return name_in(kNames, split);
}

std::string_view layout_name(Layout layout) {
  constexpr std::array<std::string_view, 6> kNames = {"objects", "sign",  "price",
                                                      "table",   "chart", "page"};
  return name_in(kNames, layout);
}

std::string_view relation_name(Relation relation) {
  constexpr std::array<std::string_view, 5> kNames = {"left_of", "right_of", "above", "below",
                                                      "on"};
  return name_in(kNames, relation);
}

std::string_view role_name(TextRole role) {
  constexpr std::array<std::string_view, 8> kNames = {"sign", "label", "price_tag", "heading",
                                                      "cell", "axis",  "value",     "line"};
  return name_in(kNames, role);
}

std::string_view alt_form_name(AltForm form) {
  constexpr std::array<std::string_view, 9> kNames = {"named",       "product",    "file_name",
                                                      "boilerplate", "half_wrong", "wrong_picture",
                                                      "foreign",     "empty",      "instruction"};
  return name_in(kNames, form);
}

std::string_view question_kind_name(QuestionKind kind) {
  constexpr std::array<std::string_view, 6> kNames = {"open",    "probe",        "knowledge",
                                                      "reading", "chart_number", "choice"};
  return name_in(kNames, kind);
}

}  // namespace kale::world
