#include "kale/world/draw/cutouts.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "kale/world/draw/vips_door.h"
#include "kale/world/scene/table.h"

namespace kale::world {
namespace {

constexpr int kOpaque = 24;          // alpha below this is the soft rim of a cut-out
constexpr double kRoomToTrim = 1.5;  // drawings keep a margin that is trimmed away
constexpr std::string_view kMagic = "kale-picture-1";

// "kale-picture-1 WIDTH HEIGHT BANDS\n", then the pixels.
std::string to_file(const Raster& raster) {
  std::string bytes =
      fmt::format("{} {} {} {}\n", kMagic, raster.width, raster.height, raster.bands);
  bytes.append(reinterpret_cast<const char*>(raster.bytes.data()), raster.bytes.size());
  return bytes;
}

// Nothing where the bytes are not whole: the picture is made again.
std::optional<Raster> from_file(std::string_view bytes) {
  const std::size_t end = bytes.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const std::vector<std::string_view> words = split_at(bytes.substr(0, end), ' ');
  if (words.size() != 4 || words[0] != kMagic) return std::nullopt;
  int sizes[3] = {};
  for (std::size_t i = 0; i < 3; ++i) {
    const std::string_view word = words[i + 1];
    const auto [rest, error] = std::from_chars(word.data(), word.data() + word.size(), sizes[i]);
    if (error != std::errc() || sizes[i] < 1 || sizes[i] > 4 * kCutoutSideMax) return std::nullopt;
  }
  Raster raster = blank(sizes[0], sizes[1], sizes[2]);
  if (bytes.size() - end - 1 != raster.bytes.size()) return std::nullopt;
  std::copy(bytes.begin() + static_cast<std::ptrdiff_t>(end) + 1, bytes.end(),
            raster.bytes.begin());
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
  return get(part.id, part.file, side_, [&] { return make_part(part.file, side_); });
}

Result<RasterPtr> Cutouts::wallpaper(const Wallpaper& wallpaper) {
  const int side = side_ * 2;
  return get("wallpaper/" + wallpaper.name, wallpaper.file, side,
             [&] { return make_wallpaper(wallpaper.file, side); });
}

Result<RasterPtr> Cutouts::get(const std::string& name, const std::filesystem::path& file, int side,
                               const Make& make) {
  if (RasterPtr known = remembered(name)) return known;
  const std::lock_guard lock(making_[std::hash<std::string>()(name) % kMakers]);
  if (RasterPtr known = remembered(name)) return known;
  KALE_TRY(RasterPtr raster, kept_or_made(name, file, side, make));
  remember(name, raster);
  return raster;
}

Result<RasterPtr> Cutouts::kept_or_made(const std::string& name, const std::filesystem::path& file,
                                        int side, const Make& make) {
  // A package that is updated brings files of other sizes.
  KALE_TRY(const std::optional<FileInfo> info, disk_.stat(file));
  if (!info) return Error{Code::kNotFound, fmt::format("{} is gone", file.string())};
  std::string flat = name;
  std::ranges::replace(flat, '/', '+');
  const std::filesystem::path kept = folder_ / fmt::format("{}+{}+{}", flat, side, info->bytes);
  KALE_TRY(const std::optional<FileInfo> there, disk_.stat(kept));
  if (there) {
    KALE_TRY(const std::string bytes, disk_.read(kept, kStateFileBytesMax));
    if (std::optional<Raster> read = from_file(bytes))
      return std::make_shared<const Raster>(std::move(*read));
  }
  KALE_OK(start_vips());
  KALE_TRY(Raster fresh, make());
  KALE_OK(disk_.make_folders(folder_));
  KALE_OK(write_whole_file(disk_, kept, to_file(fresh)));
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
