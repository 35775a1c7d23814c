// Many random scenes put in words once, for all tests of this room.
#pragma once

#include <cstdint>
#include <vector>

#include "kale/world/tell/scene_fake.h"
#include "kale/world/tell/tell.h"

namespace kale::world {

inline constexpr std::uint64_t kScenes = 1000;
inline constexpr std::uint64_t kStrangers = 1'000'000;

inline const Teller& teller() {
  static const Teller made(7);
  return made;
}

inline Scene told(std::uint64_t seed) {
  Scene scene = fake_scene(seed);
  teller().tell(scene, fake_scene(seed + kStrangers));
  return scene;
}

inline const std::vector<Scene>& scenes() {
  static const std::vector<Scene> made = [] {
    std::vector<Scene> all;
    for (std::uint64_t seed = 1; seed <= kScenes; ++seed) all.push_back(told(seed));
    return all;
  }();
  return made;
}

}  // namespace kale::world
