// libtorch throws. What rooms above want to survive (a full device, above all) they run behind this
// door; the functions of this room that return a Result stand behind it already.
// Errors   kLimit when memory runs out, kEngineGone for anything else
// Threads  free functions
#pragma once

#include <exception>
#include <new>
#include <optional>
#include <string_view>
#include <type_traits>

#include "kale/core/result.h"

namespace kale {

// Of an exception that libtorch threw while it did `what`.
Error torch_error(std::string_view what, const std::exception& thrown);

// behind_door("training", [&] { ... return loss; }): what the function returns, a Result already or
// not, or the error.
template <class F>
auto behind_door(std::string_view what, F&& work) {
  using Value = std::invoke_result_t<F>;
  constexpr bool kIsResult = requires(Value v) { v.error(); };
  using Out = typename std::conditional_t<kIsResult, std::type_identity<Value>,
                                          std::type_identity<Result<Value>>>::type;
  try {
    if constexpr (std::is_void_v<Value>) {
      work();
      return Out{};
    } else {
      return Out(work());
    }
  } catch (const std::exception& thrown) {
    return Out(torch_error(what, thrown));
  }
}

}  // namespace kale
