// What every room that works with libvips shares: its start, and images that free themselves.
// Errors   an operation that libvips refuses is a null Image
// Threads  safe; each operation runs on the calling thread alone
#pragma once

#include <vips/vips.h>

#include <memory>

#include "kale/core/result.h"

namespace kale::vips {

struct Unref {
  void operator()(VipsImage* image) const { g_object_unref(image); }
};
using Image = std::unique_ptr<VipsImage, Unref>;

// made([&](VipsImage** out) { return vips_flatten(in, out, nullptr); })
template <class F>
Image made(F&& operation) {
  VipsImage* out = nullptr;
  if (operation(&out) != 0) return nullptr;
  return Image(out);
}

// Once a process; safe to call again. kBadConfig where libvips does not start.
Status start();

// A handler that says nothing, for g_log_set_handler.
void ignore_log(const gchar*, GLogLevelFlags, const gchar*, gpointer);

}  // namespace kale::vips
