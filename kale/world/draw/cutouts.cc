#include "kale/world/draw/cutouts.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "kale/io/digest.h"
#include "kale/world/draw/vips_door.h"
#include "kale/world/scene/table.h"

namespace kale::world {
namespace {

constexpr int kOpaque = 24;          // alpha below this is the soft rim of a cut-out
constexpr double kRoomToTrim = 1.5;  // drawings keep a margin that is trimmed away
constexpr std::string_view kMagic = "kale-picture-2";

std::string_view pixels_of(const Raster& raster) {
  return {reinterpret_cast<const char*>(raster.bytes.data()), raster.bytes.size()};
}

// "kale-picture-2 REVISION SOURCE WIDTH HEIGHT BANDS PIXELS\n", then the pixels; SOURCE and PIXELS
// are digests of the package's file and of the pixels.
std::string header_of(const Raster& raster, std::string_view source, std::string_view pixels) {
  return fmt::format("{} {} {} {} {} {} {}\n", kMagic, kCutoutRevision, source, raster.width,
                     raster.height, raster.bands, xxh128_hex(pixels));
}

// Nothing where these are not whole pixels of that source: the picture is made again.
std::optional<Raster> from_file(std::string_view bytes, std::string_view source, int bands) {
  const std::size_t end = bytes.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const std::vector<std::string_view> words = split_at(bytes.substr(0, end), ' ');
  if (words.size() != 7) return std::nullopt;
  Raster raster{0, 0, bands, {}};
  for (const auto& [word, side] :
       {std::pair(words[3], &raster.width), std::pair(words[4], &raster.height)}) {
    const auto [rest, error] = std::from_chars(word.data(), word.data() + word.size(), *side);
    if (error != std::errc() || *side < 1 || *side > 4 * kCutoutSideMax) return std::nullopt;
  }
  const std::string_view pixels = bytes.substr(end + 1);
  if (bytes.substr(0, end + 1) != header_of(raster, source, pixels)) return std::nullopt;
  raster = blank(raster.width, raster.height, bands);
  if (pixels.size() != raster.bytes.size()) return std::nullopt;
  std::copy(pixels.begin(), pixels.end(), raster.bytes.begin());
  return raster;
}

Image load(const std::filesystem::path& file, int width, int height, VipsInteresting crop) {
  return made([&](VipsImage** out) {
    return vips_thumbnail(file.c_str(), out, width, "height", height, "size", VIPS_SIZE_BOTH,
                          "crop", crop, nullptr);
  });
}

Image to_bytes(Image in) {
  if (in) {
    in = made([&](VipsImage** out) {
      return vips_colourspace(in.get(), out, VIPS_INTERPRETATION_sRGB, nullptr);
    });
  }
  if (!in || in->BandFmt == VIPS_FORMAT_UCHAR) return in;
  return made([&](VipsImage** out) { return vips_cast_uchar(in.get(), out, nullptr); });
}

void multiply_by_alpha(Raster& rgba) {
  for (std::size_t i = 0; i < rgba.bytes.size(); i += 4) {
    for (std::size_t c = 0; c < 3; ++c) {
      rgba.bytes[i + c] =
          static_cast<std::uint8_t>((rgba.bytes[i + c] * rgba.bytes[i + 3] + 127) / 255);
    }
  }
}

Result<Raster> trimmed(const Raster& in) {
  int left = in.width, top = in.height, right = -1, bottom = -1;
  for (int y = 0; y < in.height; ++y) {
    for (int x = 0; x < in.width; ++x) {
      if (in.at(x, y)[3] < kOpaque) continue;
      left = std::min(left, x), right = std::max(right, x);
      top = std::min(top, y), bottom = std::max(bottom, y);
    }
  }
  if (right < left) return Error{Code::kCorrupt, "a part of which nothing can be seen"};
  Raster out = blank(right - left + 1, bottom - top + 1, 4);
  for (int y = 0; y < out.height; ++y)
    std::copy_n(in.at(left, top + y), static_cast<std::size_t>(out.width) * 4, out.at(0, y));
  return out;
}

Result<Raster> make_part(const std::filesystem::path& file, int side) {
  const int room = static_cast<int>(side * kRoomToTrim);
  Image image = to_bytes(load(file, room, room, VIPS_INTERESTING_NONE));
  if (image && !vips_image_hasalpha(image.get())) {
    image = made([&](VipsImage** out) { return vips_addalpha(image.get(), out, nullptr); });
    image = to_bytes(std::move(image));
  }
  if (!image || image->Bands != 4) return vips_trouble(file.string());
  KALE_TRY(Raster whole, raster_of(image));
  multiply_by_alpha(whole);
  KALE_TRY(Raster tight, trimmed(whole));
  const double scale = static_cast<double>(side) / std::max(tight.width, tight.height);
  if (scale >= 1) return tight;
  const Image source = borrowed(tight);
  return raster_of(
      made([&](VipsImage** out) { return vips_resize(source.get(), out, scale, nullptr); }));
}

Result<Raster> make_wallpaper(const std::filesystem::path& file, int side) {
  Image image = to_bytes(load(file, side * 3 / 2, side, VIPS_INTERESTING_CENTRE));
  if (image && vips_image_hasalpha(image.get())) {
    image = made([&](VipsImage** out) { return vips_flatten(image.get(), out, nullptr); });
    image = to_bytes(std::move(image));
  }
  if (!image || image->Bands != 3) return vips_trouble(file.string());
  return raster_of(image);
}

}  // namespace

Cutouts::Cutouts(Disk& disk, std::filesystem::path folder, int side)
    : disk_(disk), folder_(std::move(folder)), side_(std::min(side, kCutoutSideMax)) {}

Result<RasterPtr> Cutouts::part(const Part& part) {
  return get({part.id, part.file, side_, 4, [&] { return make_part(part.file, side_); }});
}

Result<RasterPtr> Cutouts::wallpaper(const Wallpaper& wallpaper) {
  const int side = side_ * 2;
  return get({"wallpaper/" + wallpaper.name, wallpaper.file, side, 3,
              [&, side] { return make_wallpaper(wallpaper.file, side); }});
}

Result<RasterPtr> Cutouts::get(const Wanted& wanted) {
  if (RasterPtr known = remembered(wanted.name)) return known;
  const std::lock_guard lock(making_[std::hash<std::string>()(wanted.name) % kMakers]);
  if (RasterPtr known = remembered(wanted.name)) return known;
  KALE_TRY(RasterPtr raster, kept_or_made(wanted));
  remember(wanted.name, raster);
  return raster;
}

Result<RasterPtr> Cutouts::kept_or_made(const Wanted& wanted) {
  KALE_TRY(const std::string source, xxh128_file(wanted.file));
  std::string flat = wanted.name;
  std::ranges::replace(flat, '/', '+');
  const std::filesystem::path kept = folder_ / fmt::format("{}+{}", flat, wanted.side);
  KALE_TRY(const std::optional<FileInfo> there, disk_.stat(kept));
  if (there) {
    KALE_TRY(const std::string bytes, disk_.read(kept, kStateFileBytesMax));
    if (std::optional<Raster> read = from_file(bytes, source, wanted.bands))
      return std::make_shared<const Raster>(std::move(*read));
  }
  KALE_OK(start_vips());
  KALE_TRY(Raster fresh, wanted.make());
  KALE_OK(disk_.make_folders(folder_));
  const std::string_view pixels = pixels_of(fresh);
  KALE_OK(write_whole_file(disk_, kept, header_of(fresh, source, pixels).append(pixels)));
  return std::make_shared<const Raster>(std::move(fresh));
}

RasterPtr Cutouts::remembered(const std::string& key) {
  const std::lock_guard lock(mutex_);
  const auto found = by_key_.find(key);
  if (found == by_key_.end()) return nullptr;
  newest_first_.splice(newest_first_.begin(), newest_first_, found->second);
  return found->second->raster;
}

void Cutouts::remember(const std::string& key, const RasterPtr& raster) {
  const std::lock_guard lock(mutex_);
  if (by_key_.contains(key)) return;
  newest_first_.push_front({key, raster});
  by_key_[key] = newest_first_.begin();
  bytes_ += static_cast<std::int64_t>(raster->bytes.size());
  while (bytes_ > kCutoutBytesMax && newest_first_.size() > 1) {
    const Entry& oldest = newest_first_.back();
    bytes_ -= static_cast<std::int64_t>(oldest.raster->bytes.size());
    by_key_.erase(oldest.key);
    newest_first_.pop_back();
  }
}

}  // namespace kale::world
