// Choices by a scene's random numbers.
// Threads  as the generator: one at a time
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "kale/core/check.h"
#include "kale/core/rng.h"

namespace kale::world {

inline bool chance(Rng& rng, double probability) { return rng.uniform() < probability; }

// Whole numbers from `least` to `most`.
inline int whole(Rng& rng, int least, int most) {
  return least + static_cast<int>(rng.below(static_cast<std::uint64_t>(most - least + 1)));
}

inline double real(Rng& rng, double least, double most) {
  return least + rng.uniform() * (most - least);
}
inline float real(Rng& rng, float least, float most) {
  return static_cast<float>(real(rng, static_cast<double>(least), static_cast<double>(most)));
}

template <class T>
const T& pick(Rng& rng, const std::vector<T>& list) {
  KALE_CHECK(!list.empty(), "one of nothing");
  return list[rng.below(list.size())];
}

// An index, by weights.
inline std::size_t weighted(Rng& rng, std::span<const double> weights) {
  double sum = 0;
  for (double weight : weights) sum += weight;
  double at = rng.uniform() * sum;
  for (std::size_t i = 0; i + 1 < weights.size(); ++i) {
    if (at < weights[i]) return i;
    at -= weights[i];
  }
  return weights.size() - 1;
}

template <class T>
void shuffle(Rng& rng, std::vector<T>& list) {
  for (std::size_t i = list.size(); i > 1; --i) std::swap(list[i - 1], list[rng.below(i)]);
}

}  // namespace kale::world
