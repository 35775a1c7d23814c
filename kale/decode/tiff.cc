#include "kale/decode/tiff.h"

#include <fmt/format.h>

#include <algorithm>

#include "kale/decode/jpeg.h"
#include "kale/decode/tiff_directory.h"

namespace kale {
namespace {

enum Photometric : std::uint32_t { kWhiteIsZero, kBlackIsZero, kRgb, kPalette, kCmyk = 5, kYcc };
enum Compression : std::uint32_t {
  kNone = 1,
  kFaxRuns,
  kFax3,
  kFax4,
  kLzw,
  kJpeg = 7,
  kDeflate,
  kOldDeflate = 32946,
  kPackBits = 32773
};

constexpr std::uint32_t kOneStrip = 0xFFFFFFFF;   // rows per strip where all rows are one strip
constexpr std::uint32_t kRowsReadOneByOne = 128;  // libvips reads rows, not strips, above this
constexpr std::uint32_t kTileSideMax = 10'000;    // libvips' own
constexpr std::int64_t kBytesPerHeldPixel = 8;

struct Page {
  PictureSize size;
  std::uint32_t bits = 1;
  std::uint32_t compression = kNone;
  std::uint32_t photometric = kBlackIsZero;
  std::uint32_t samples = 1;
  std::uint32_t rows_per_strip = kOneStrip;
  bool separate = false;  // one plane for each sample
  std::uint32_t sample_format = 1;
  std::uint32_t ink_set = 1;
  std::uint32_t extra_sample = 0;  // what the one beyond the colours is: 1 and 2 are alpha
  bool tiled = false;
  PictureSize tile;
};

// All the numbers under a tag where they are the same.
std::optional<std::uint32_t> the_same(const TiffDirectory& directory, TiffTag tag,
                                      std::uint32_t otherwise) {
  auto numbers = directory.find(tag);
  if (!numbers) return std::nullopt;
  if (numbers->count == 0) return otherwise;
  std::uint32_t first = directory.number(*numbers, 0);
  for (std::uint32_t i = 1; i < numbers->count; ++i) {
    if (directory.number(*numbers, i) != first) return std::nullopt;
  }
  return first;
}

std::optional<Page> read_page(const TiffDirectory& directory) {
  auto width = directory.one(TiffTag::kWidth, 0);
  auto height = directory.one(TiffTag::kHeight, 0);
  auto bits = the_same(directory, TiffTag::kBits, 1);
  auto compression = directory.one(TiffTag::kCompression, kNone);
  auto photometric = directory.one(TiffTag::kPhotometric, 0);
  auto samples = directory.one(TiffTag::kSamples, 1);
  auto rows = directory.one(TiffTag::kRowsPerStrip, kOneStrip);
  auto planes = directory.one(TiffTag::kPlanes, 1);
  auto format = the_same(directory, TiffTag::kSampleFormat, 1);
  auto ink_set = directory.one(TiffTag::kInkSet, 1);
  auto extra_sample = the_same(directory, TiffTag::kExtraSamples, 0);
  bool tiled = directory.has(TiffTag::kTileWidth) || directory.has(TiffTag::kTileHeight);
  auto tile_width = directory.one(TiffTag::kTileWidth, 0);
  auto tile_height = directory.one(TiffTag::kTileHeight, 0);
  if (!width || !height || !bits || !compression || !photometric || !samples || !rows || !planes ||
      !format || !ink_set || !extra_sample || !tile_width || !tile_height) {
    return std::nullopt;
  }
  // More than 31 bits would also overflow width * height.
  if (*width < 1 || *height < 1 || *width > 0x7FFFFFFF || *height > 0x7FFFFFFF) return std::nullopt;
  if (*rows == 0 || !directory.has(TiffTag::kPhotometric)) return std::nullopt;
  return Page{.size = {*width, *height},
              .bits = *bits,
              .compression = *compression,
              .photometric = *photometric,
              .samples = *samples,
              .rows_per_strip = *rows,
              .separate = *planes == 2,
              .sample_format = *format,
              .ink_set = *ink_set,
              .extra_sample = *extra_sample,
              .tiled = tiled,
              .tile = {*tile_width, *tile_height}};
}

bool is_one_of(std::uint32_t value, std::initializer_list<std::uint32_t> values) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

// Samples a pixel of a kind, where one more is alpha.
std::uint32_t colours(std::uint32_t photometric) {
  if (photometric == kCmyk) return 4;
  return photometric == kRgb || photometric == kYcc ? 3 : 1;
}

// Why libvips, or libtiff below it, is not to see this page; empty where it is.
std::string trouble(const Page& page) {
  if (!is_one_of(page.compression,
                 {kNone, kFaxRuns, kFax3, kFax4, kLzw, kJpeg, kDeflate, kOldDeflate, kPackBits})) {
    return fmt::format("a TIFF of compression {}, which we do not read", page.compression);
  }
  if (!is_one_of(page.photometric, {kWhiteIsZero, kBlackIsZero, kRgb, kPalette, kCmyk, kYcc})) {
    return fmt::format("a TIFF of colour space {}, which we do not read", page.photometric);
  }
  bool fax = is_one_of(page.compression, {kFaxRuns, kFax3, kFax4});
  bool jpeg = page.compression == kJpeg;
  bool few_bits = is_one_of(page.bits, {1, 2, 4}) && colours(page.photometric) == 1;
  if (!few_bits && !is_one_of(page.bits, {8, 16})) {
    return fmt::format("a TIFF of {} bits a sample, which we do not read", page.bits);
  }
  if (page.sample_format != 1 && page.sample_format != 4) return "a TIFF of signed or real samples";
  if (page.samples < colours(page.photometric) || page.samples > colours(page.photometric) + 1) {
    return fmt::format("a TIFF of {} samples a pixel in colour space {}", page.samples,
                       page.photometric);
  }
  // libvips would take any for alpha, and show what is under a mask of zeros as background.
  if (page.samples > colours(page.photometric) && !is_one_of(page.extra_sample, {1, 2}))
    return "a TIFF with a sample beyond its colours that is no alpha";
  if (page.ink_set != 1 && page.photometric == kCmyk) return "a TIFF of other inks than CMYK";
  if ((fax && page.bits != 1) || (jpeg && (page.bits != 8 || page.photometric == kPalette))) {
    return "a TIFF whose samples do not fit its compression";
  }
  // libvips would show them as RGB.
  if (page.photometric == kYcc && !jpeg) return "a TIFF of YCbCr without JPEG";
  if (page.separate && (page.tiled || page.bits < 8)) {
    return "a TIFF of separate planes in tiles or of few bits";
  }
  return {};
}

// libvips opens the JPEG of a tile by itself, and makes room for what that says of its size.
bool jpeg_tiles_fit(std::string_view bytes, const TiffDirectory& directory, const Page& page) {
  auto offsets = directory.find(TiffTag::kTileOffsets);
  auto lengths = directory.find(TiffTag::kTileBytes);
  if (!offsets || !lengths || offsets->count != lengths->count) return false;
  std::uint64_t together = 0;  // tiles that overlap would be read again and again
  for (std::uint32_t i = 0; i < offsets->count; ++i) {
    std::uint32_t at = directory.number(*offsets, i);
    std::uint32_t length = directory.number(*lengths, i);
    together += length;
    if (at > bytes.size() || length > bytes.size() - at || together > bytes.size()) return false;
    auto tile = read_jpeg(bytes.substr(at, length));
    if (!tile || tile->size.width > page.tile.width || tile->size.height > page.tile.height) {
      return false;
    }
  }
  return true;
}

bool tiles_make_sense(std::string_view bytes, const TiffDirectory& directory, const Page& page) {
  auto side = [](std::int64_t length) {
    return length >= 16 && length <= kTileSideMax && length % 16 == 0;
  };
  // libtiff takes one for the other, and we would look at the wrong ones.
  if (directory.has(TiffTag::kStripOffsets)) return false;
  return side(page.tile.width) && side(page.tile.height) &&
         (page.compression != kJpeg || jpeg_tiles_fit(bytes, directory, page));
}

// Of tiles, libvips keeps two rows and a few; of strips, two, where it does not read row by row.
std::int64_t held_pixels(const Page& page) {
  std::int64_t bytes_per_sample = page.bits == 16 ? 2 : 1;
  std::int64_t bytes_per_pixel =
      bytes_per_sample * (page.photometric == kPalette ? page.samples + 2 : page.samples);
  std::int64_t held = 0;
  if (page.tiled) {
    held = (page.size.width / page.tile.width + 3) * page.tile.pixels();
  } else if (page.rows_per_strip <= kRowsReadOneByOne || page.separate ||
             page.photometric == kYcc) {
    held = page.size.width * std::min<std::int64_t>(page.rows_per_strip, page.size.height);
  }
  return held / kBytesPerHeldPixel * 2 * bytes_per_pixel;  // below 2^63 for 31-bit sides
}

}  // namespace

bool starts_as_tiff(std::string_view bytes) {
  using std::string_view_literals::operator""sv;
  return bytes.starts_with("II*\0"sv) || bytes.starts_with("MM\0*"sv) ||
         bytes.starts_with("II+\0"sv) || bytes.starts_with("MM\0+"sv);
}

std::optional<PictureHeader> read_tiff(std::string_view bytes) {
  if (!starts_as_tiff(bytes)) return std::nullopt;
  if (bytes.substr(2, 2).find('+') != bytes.npos) {
    return PictureHeader{.unread = "a BigTIFF, which we do not read"};
  }
  auto directory = TiffDirectory::first(bytes);
  if (!directory) return std::nullopt;
  auto page = read_page(*directory);
  if (!page) return std::nullopt;
  PictureHeader header{.size = page->size, .unread = trouble(*page)};
  if (!header.unread.empty()) return header;
  if (page->tiled && !tiles_make_sense(bytes, *directory, *page)) return std::nullopt;
  header.held_pixels = held_pixels(*page);
  return header;
}

std::optional<std::string> tiff_first_page(std::string_view bytes) {
  auto directory = TiffDirectory::first(bytes);
  if (!directory || directory->next() == 0) return std::nullopt;
  std::string alone(bytes);
  alone.replace(directory->next_at(), 4, 4, '\0');
  return alone;
}

}  // namespace kale
