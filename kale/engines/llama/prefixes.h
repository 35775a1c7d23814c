// Which shared prompt beginnings lie in the KV cache, and in which sequence. Bookkeeping only: the
// caller computes them and removes them from the cache. Pure.
// Threads  belongs to one worker
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "kale/engines/llama/sampler.h"

namespace kale::llama {

struct Prefix {
  int sequence = 0;
  std::vector<Token> tokens;  // empty: the place is free
  int users = 0;              // requests in flight that copied it; it may not go before they end
  std::uint64_t used = 0;     // when it was last taken, for evicting the oldest
};

class Prefixes {
 public:
  // Sequences 0 to count - 1.
  explicit Prefixes(int count);

  Prefix* find(std::span<const Token> tokens);
  Prefix* free_place();
  // The one unused for longest among those with no users; nullptr where all are in use.
  Prefix* oldest_idle();
  void take(Prefix& prefix);
  void give_back(Prefix& prefix);

 private:
  std::vector<Prefix> places_;
  std::uint64_t clock_ = 0;
};

}  // namespace kale::llama
