#include "kale/world/draw/spoil.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "kale/world/draw/vips_door.h"

namespace kale::world {
namespace {

Result<Raster> blurred(const Raster& rgb, float sigma) {
  const Image source = borrowed(rgb);
  return raster_of(made([&](VipsImage** out) {
    return vips_gaussblur(source.get(), out, static_cast<double>(sigma), nullptr);
  }));
}

std::uint8_t clamped(float value) {
  return static_cast<std::uint8_t>(std::lround(std::clamp(value, 0.0F, 255.0F)));
}

// Corners are darker by the share `strength`.
void darken_corners(Raster& rgb, float strength) {
  const float half_width = static_cast<float>(rgb.width) / 2;
  const float half_height = static_cast<float>(rgb.height) / 2;
  for (int y = 0; y < rgb.height; ++y) {
    const float dy = (static_cast<float>(y) + 0.5F) / half_height - 1;
    for (int x = 0; x < rgb.width; ++x) {
      const float dx = (static_cast<float>(x) + 0.5F) / half_width - 1;
      const float keep = 1 - strength * (dx * dx + dy * dy) / 2;
      std::uint8_t* pixel = rgb.at(x, y);
      for (int c = 0; c < 3; ++c) pixel[c] = clamped(static_cast<float>(pixel[c]) * keep);
    }
  }
}

// The sum of four uniform values is near enough to a normal one.
void add_noise(Raster& rgb, float sigma, Rng& rng) {
  constexpr float kSumSigma = 65536 * 0.57735F;  // sqrt(4 / 12)
  const float scale = sigma / kSumSigma;
  for (std::uint8_t& value : rgb.bytes) {
    const std::uint64_t bits = rng.next();
    const auto sum = static_cast<float>((bits & 0xFFFF) + (bits >> 16 & 0xFFFF) +
                                        (bits >> 32 & 0xFFFF) + (bits >> 48));
    value = clamped(static_cast<float>(value) + (sum - 131070) * scale);
  }
}

}  // namespace

Result<std::string> spoiled_jpeg(Raster rgb, const Spoiling& spoiling, Rng& rng) {
  KALE_OK(start_vips());
  if (spoiling.blur_sigma > 0) {
    KALE_TRY(rgb, blurred(rgb, spoiling.blur_sigma));
  }
  if (spoiling.vignette > 0) darken_corners(rgb, spoiling.vignette);
  if (spoiling.noise_sigma > 0) add_noise(rgb, spoiling.noise_sigma, rng);
  const Image image = borrowed(rgb);
  void* bytes = nullptr;
  std::size_t size = 0;
  if (!image ||
      vips_jpegsave_buffer(image.get(), &bytes, &size, "Q", spoiling.jpeg_quality, nullptr) != 0)
    return vips_trouble("a JPEG");
  std::string jpeg(static_cast<const char*>(bytes), size);
  g_free(bytes);
  return jpeg;
}

}  // namespace kale::world
