#include "kale/networks/precision.h"

#include <ATen/autocast_mode.h>

namespace kale {

Precision precision_of(at::DeviceType device) {
  const bool bfloat16 = at::autocast::is_autocast_enabled(device) &&
                        at::autocast::get_autocast_dtype(device) == at::kBFloat16;
  return bfloat16 ? Precision::kBfloat16 : Precision::kFloat32;
}

// autocast's cache of converted weights stays off: it would hold a second copy of all weights until
// the scope ends, and within a step each weight is used once.
PrecisionScope::PrecisionScope(Precision precision, at::DeviceType device)
    : device_(device),
      enabled_(at::autocast::is_autocast_enabled(device)),
      cached_(at::autocast::is_autocast_cache_enabled()),
      type_(at::autocast::get_autocast_dtype(device)) {
  at::autocast::set_autocast_cache_enabled(false);
  at::autocast::set_autocast_enabled(device_, precision == Precision::kBfloat16);
  if (precision == Precision::kBfloat16) at::autocast::set_autocast_dtype(device_, at::kBFloat16);
}

PrecisionScope::~PrecisionScope() {
  at::autocast::set_autocast_dtype(device_, type_);
  at::autocast::set_autocast_enabled(device_, enabled_);
  at::autocast::set_autocast_cache_enabled(cached_);
}

}  // namespace kale
