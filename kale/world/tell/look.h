// What there is to see in a scene, in the terms that sentences are made of: groups of things of
// one kind, where they are, what is true of all of a group.
// Threads  plain data; refers to the scene that it was made from
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kale/world/scene/scene.h"

namespace kale::world {

using Members = std::vector<int>;  // indices into Scene::objects

struct Group {
  std::string kind;
  Members members;
};

class Look {
 public:
  explicit Look(const Scene& scene);

  const Scene& scene;
  std::vector<Group> groups;  // the largest thing's first

  const Group& group_of(int object) const;
  bool related(int subject, Relation relation, int object) const;
  // Every subject is `relation` every object.
  bool all_related(const Members& subjects, Relation relation, const Members& objects) const;

  // The key of a region: "upper left", "left", "centre", ..., or "" where it cannot be said.
  std::string region(const Box& box) const;
  std::string region(const Members& members) const;  // a region that all share

  double share(int object) const;               // of the picture's area, by boxes
  bool is_large(const Members& members) const;  // one thing that fills much of the picture
  bool is_small(const Members& members) const;
  bool is_largest(const Members& members) const;  // one thing, clearly larger than every other
  bool is_tilted(const Members& members) const;
  bool is_upside_down(const Members& members) const;
  bool is_hidden(const Members& members) const;  // partly behind something else

  // The colours that may be said of all members, the largest share first; at most two.
  std::vector<std::string> colours(const Members& members) const;
  // Nothing else of its kind has this first colour.
  bool colour_tells_apart(int object) const;

  const Text* first_text(TextRole role) const;
  std::vector<const Text*> texts(TextRole role) const;
  int rows() const;  // of the table; 0 without one
  int columns() const;
  const Text* cell(int row, int column) const;
};

bool can_quote(std::string_view text);  // short, one line, no quotation mark of its own
std::string quote(std::string_view text);

}  // namespace kale::world
