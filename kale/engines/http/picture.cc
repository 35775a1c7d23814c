#include "kale/engines/http/picture.h"

#include <fmt/format.h>
#include <turbojpeg.h>

#include <algorithm>
#include <memory>

namespace kale::http {

Result<std::string> jpeg_data_uri(const Pixels& pixels, int quality) {
  std::unique_ptr<void, int (*)(tjhandle)> encoder(tjInitCompress(), tjDestroy);
  unsigned char* jpeg = nullptr;
  unsigned long bytes = 0;
  int failed = tjCompress2(encoder.get(), pixels.rgb.data(), pixels.width, 0, pixels.height,
                           TJPF_RGB, &jpeg, &bytes, TJSAMP_444, quality, TJFLAG_ACCURATEDCT);
  std::unique_ptr<unsigned char, void (*)(unsigned char*)> owned(jpeg, tjFree);
  if (failed != 0)
    return Error{Code::kLimit,
                 fmt::format("a picture of {} x {} px cannot be sent as JPEG ({})", pixels.width,
                             pixels.height, tjGetErrorStr2(encoder.get()))};
  return "data:image/jpeg;base64," + base64({jpeg, bytes});
}

// RFC 4648, section 4.
std::string base64(std::span<const unsigned char> bytes) {
  static constexpr char kDigits[] =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    std::size_t have = std::min<std::size_t>(3, bytes.size() - at);
    unsigned group = 0;
    for (std::size_t i = 0; i < 3; ++i) group = group << 8 | (i < have ? bytes[at + i] : 0U);
    for (std::size_t i = 0; i < 4; ++i)
      text.push_back(i <= have ? kDigits[group >> (18 - 6 * i) & 63] : '=');
  }
  return text;
}

}  // namespace kale::http
