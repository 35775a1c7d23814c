// The colour names of the proving ground: what is measured, said and judged.
#pragma once

#include <array>
#include <string_view>

namespace kale::world {

inline constexpr std::array<std::string_view, 11> kColours = {"black",  "white",  "grey",  "red",
                                                              "orange", "yellow", "green", "blue",
                                                              "purple", "pink",   "brown"};

}  // namespace kale::world
