#include "kale/llama_log/llama_log.h"

#include <llama.h>
#include <mtmd-helper.h>

#include <algorithm>
#include <mutex>
#include <utility>

namespace kale {
namespace {

constexpr std::size_t kErrorBytesMax = 400;

struct Log {
  std::mutex mutex;
  std::string errors;
};

Log& log() {
  static Log instance;
  return instance;
}

void keep_errors(ggml_log_level level, const char* text, void*) {
  if (level != GGML_LOG_LEVEL_ERROR) return;
  std::lock_guard lock(log().mutex);
  if (log().errors.size() < kErrorBytesMax) log().errors += text;
}

}  // namespace

void begin_llama() {
  static std::once_flag once;
  std::call_once(once, [] {
    llama_log_set(keep_errors, nullptr);
    mtmd_helper_log_set(keep_errors, nullptr);
    llama_backend_init();
  });
}

std::string last_llama_errors() {
  std::lock_guard lock(log().mutex);
  std::string errors = std::exchange(log().errors, {});
  while (!errors.empty() && errors.back() == '\n') errors.pop_back();
  std::replace(errors.begin(), errors.end(), '\n', ' ');
  return errors;
}

}  // namespace kale
