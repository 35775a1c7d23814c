#include "kale/world/compose/relations.h"

#include <algorithm>
#include <cmath>

namespace kale::world {
namespace {

// Along one axis: where something begins and how long it is.
struct Span {
  float begin = 0, length = 0;
  float end() const { return begin + length; }
  float centre() const { return begin + length / 2; }
};

bool before(Span a, Span b, float across) {
  return a.end() <= b.begin + kOverlap * std::min(a.length, b.length) &&
         b.centre() - a.centre() >= kAside * std::abs(across);
}

}  // namespace

std::vector<Relating> relations_of(const std::vector<Object>& objects,
                                   const std::vector<std::pair<int, int>>& standing) {
  std::vector<Relating> relations;
  const auto both = [&](int a, Relation relation, int b, Relation inverse) {
    relations.push_back({a, relation, b});
    relations.push_back({b, inverse, a});
  };
  for (int a = 0; a < static_cast<int>(objects.size()); ++a) {
    for (int b = 0; b < static_cast<int>(objects.size()); ++b) {
      const Box& one = objects[static_cast<std::size_t>(a)].box;
      const Box& other = objects[static_cast<std::size_t>(b)].box;
      const Span x1{one.x, one.width}, x2{other.x, other.width};
      const Span y1{one.y, one.height}, y2{other.y, other.height};
      const bool on = std::ranges::count(standing, std::pair(a, b)) > 0;
      if (a == b) continue;
      if (before(x1, x2, y2.centre() - y1.centre()))
        both(a, Relation::kLeftOf, b, Relation::kRightOf);
      if (on) relations.push_back({a, Relation::kOn, b});
      if (on || before(y1, y2, x2.centre() - x1.centre()))
        both(a, Relation::kAbove, b, Relation::kBelow);
    }
  }
  return relations;
}

}  // namespace kale::world
