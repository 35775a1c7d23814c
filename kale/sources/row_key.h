// The row id: the same pair has the same id wherever the dataset lies and in whatever order it is
// read. Written to parts, ledgers and journals: never change it. It is xxh3-128 of the length of
// the name as 8 bytes, low byte first, the name, and the ordinal as 8 bytes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "kale/io/digest.h"

namespace kale {

// `name` is the uid column where there is one, else the path relative to the source root, else the
// URL; `ordinal` counts pairs of the same name.
inline std::string row_key(std::string_view name, std::int64_t ordinal = 0) {
  return Digest().add(name).add(ordinal).hex();
}

}  // namespace kale
