// How varied a world is.
// Threads  one at a time
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "kale/world/scene/scene.h"

namespace kale::world {

class Counts {
 public:
  void add(const Scene& scene);
  std::int64_t scenes() const { return scenes_; }
  std::string table() const;  // lines for people

 private:
  using Tally = std::map<std::string, std::int64_t>;
  std::int64_t scenes_ = 0, objects_ = 0, texts_ = 0, relations_ = 0, questions_ = 0, tints_ = 0;
  Tally parts_, kinds_, names_, layouts_, fonts_, backgrounds_, wallpapers_, styles_, forms_;
};

}  // namespace kale::world
