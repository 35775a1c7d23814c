#include "kale/core/outcome.h"

#include <array>
#include <utility>

namespace kale {

std::string_view drop_name(Drop reason) {
  static constexpr std::array kNames{
      std::pair{Drop::kNoAltText, "no_alt_text"},
      std::pair{Drop::kEmptyAltText, "empty_alt_text"},
      std::pair{Drop::kNotUtf8, "not_utf8"},
      std::pair{Drop::kControlChars, "control_chars"},
      std::pair{Drop::kNotAnImage, "not_an_image"},
      std::pair{Drop::kTooManyPixels, "too_many_pixels"},
      std::pair{Drop::kTooManyBytes, "too_many_bytes"},
      std::pair{Drop::kTooSmall, "too_small"},
      std::pair{Drop::kBrokenImage, "broken_image"},
      std::pair{Drop::kUnsafeSvg, "unsafe_svg"},
      std::pair{Drop::kRefused, "refused"},
      std::pair{Drop::kPromptEcho, "prompt_echo"},
      std::pair{Drop::kRepetition, "repetition"},
      std::pair{Drop::kEmptyReply, "empty_reply"},
      std::pair{Drop::kNothingLeft, "nothing_left"},
      std::pair{Drop::kNoImage, "no_image"},
  };
  for (const auto& [drop, name] : kNames)
    if (drop == reason) return name;
  check_failed("reason", "a drop reason without a name");
}

}  // namespace kale
