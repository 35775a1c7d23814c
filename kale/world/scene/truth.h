// A scene as JSON, as docs/formats.md documents it ("truth of a scene").
// Errors   kCorrupt names the key that is missing, of the wrong type, points at what is not there,
//          or is at odds with another one
// Threads  functions are safe
#pragma once

#include <string>
#include <string_view>

#include "kale/core/result.h"
#include "kale/world/scene/scene.h"

namespace kale::world {

inline constexpr int kTableSideMax = 1000;  // rows or columns of a table in a picture

std::string truth_json(const Scene& scene);  // one line; keys in a fixed order
Result<Scene> parse_truth(std::string_view json);

// The words that stand in the JSON: "left_of", "price_tag", "half_wrong", "test".
std::string_view split_name(Split split);
std::string_view layout_name(Layout layout);
std::string_view relation_name(Relation relation);
std::string_view role_name(TextRole role);
std::string_view alt_form_name(AltForm form);
std::string_view question_kind_name(QuestionKind kind);

}  // namespace kale::world
