#include "kale/vips/vips.h"

#include <vips/vector.h>

namespace kale::vips {

Status start() {
  static const bool started = [] {
    if (vips_init("kale") != 0) return false;
    vips_concurrency_set(1);  // rows and scenes are the parallelism; vips must not multiply it
    // Code that orc 0.4 makes at run time is freed from several threads at once, which crashes.
    vips_vector_set_enabled(FALSE);
    vips_cache_set_max(0);  // nothing is computed twice
    return true;
  }();
  if (!started) return Error{Code::kBadConfig, "libvips does not start"};
  return {};
}

void ignore_log(const gchar*, GLogLevelFlags, const gchar*, gpointer) {}

}  // namespace kale::vips
