// What parquet text must be: UTF-8 without overlong forms, surrogates or code points past U+10FFFF.
#pragma once

#include <string>
#include <string_view>

namespace kale {

bool is_utf8(std::string_view text);
// Each byte that belongs to no valid sequence becomes U+FFFD.
std::string replace_invalid_utf8(std::string_view text);

}  // namespace kale
