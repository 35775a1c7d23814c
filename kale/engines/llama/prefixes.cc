#include "kale/engines/llama/prefixes.h"

#include <algorithm>

#include "kale/core/check.h"

namespace kale::llama {

Prefixes::Prefixes(int count) : places_(static_cast<std::size_t>(count)) {
  for (int i = 0; i < count; ++i) places_[static_cast<std::size_t>(i)].sequence = i;
}

Prefix* Prefixes::find(std::span<const Token> tokens) {
  if (tokens.empty()) return nullptr;
  for (Prefix& place : places_)
    if (std::equal(place.tokens.begin(), place.tokens.end(), tokens.begin(), tokens.end()))
      return &place;
  return nullptr;
}

Prefix* Prefixes::free_place() {
  for (Prefix& place : places_)
    if (place.tokens.empty()) return &place;
  return nullptr;
}

Prefix* Prefixes::oldest_idle() {
  Prefix* oldest = nullptr;
  for (Prefix& place : places_) {
    if (place.tokens.empty() || place.users > 0) continue;
    if (!oldest || place.used < oldest->used) oldest = &place;
  }
  return oldest;
}

void Prefixes::take(Prefix& prefix) {
  ++prefix.users;
  prefix.used = ++clock_;
}

void Prefixes::give_back(Prefix& prefix) {
  KALE_CHECK(prefix.users > 0, "a prefix given back more often than taken");
  --prefix.users;
}

}  // namespace kale::llama
