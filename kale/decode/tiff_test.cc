#include "kale/decode/tiff.h"

#include "kale/decode/picture_fake.h"

namespace kale {
namespace {

enum Type { kByte = 1, kAscii = 2, kShort = 3, kLong = 4 };

struct Entry {
  int tag = 0;
  int type = kShort;
  std::vector<std::uint32_t> values;
};

// A TIFF of one directory and `data` at offset 8, in either byte order.
struct TiffFile {
  bool little = true;
  std::vector<Entry> entries;
  std::string data;
  std::uint32_t next = 0;

  std::string number(std::uint32_t value, int count) const {
    std::string text;
    for (int i = 0; i < count; ++i) {
      text += static_cast<char>((value >> (8 * (little ? i : count - 1 - i))) & 0xFF);
    }
    return text;
  }

  std::string bytes() const {
    std::string tail = data;
    std::string directory = number(static_cast<std::uint32_t>(entries.size()), 2);
    for (const Entry& entry : entries) {
      int each = entry.type == kShort ? 2 : entry.type == kLong ? 4 : 1;
      std::string values;
      for (std::uint32_t value : entry.values) values += number(value, each);
      if (values.size() > 4) {
        std::string at = number(static_cast<std::uint32_t>(8 + tail.size()), 4);
        tail += values;
        values = at;
      }
      values.resize(4, '\0');
      directory += number(static_cast<std::uint32_t>(entry.tag), 2) +
                   number(static_cast<std::uint32_t>(entry.type), 2) +
                   number(static_cast<std::uint32_t>(entry.values.size()), 4) + values;
    }
    std::string magic = little ? "II" : "MM";
    return magic + number(42, 2) + number(static_cast<std::uint32_t>(8 + tail.size()), 4) + tail +
           directory + number(next, 4);
  }

  void set(int tag, std::vector<std::uint32_t> values, int type = kLong) {
    for (Entry& entry : entries) {
      if (entry.tag != tag) continue;
      entry = {tag, type, std::move(values)};
      return;
    }
    entries.push_back({tag, type, std::move(values)});
    std::sort(entries.begin(), entries.end(),
              [](const Entry& a, const Entry& b) { return a.tag < b.tag; });
  }
};

// 20 x 18, one strip, grey, each row darker than the one above.
TiffFile grey_file(bool little = true) {
  TiffFile file{.little = little};
  for (int y = 0; y < 18; ++y) file.data += std::string(20, static_cast<char>(250 - 10 * y));
  file.set(256, {20}, kShort);
  file.set(257, {18}, kShort);
  file.set(258, {8}, kShort);
  file.set(259, {1}, kShort);
  file.set(262, {1}, kShort);
  file.set(273, {8});
  file.set(277, {1}, kShort);
  file.set(278, {18}, kShort);
  file.set(279, {360});
  return file;
}

std::string palette_file() {
  TiffFile file = grey_file();
  file.data = std::string(180, '\1') + std::string(180, '\2');
  std::vector<std::uint32_t> colours(3 * 256);
  colours[1] = 0xFFFF;                                   // 1: red
  colours[256 + 2] = 0x8080, colours[512 + 2] = 0xFFFF;  // 2: half green, all blue
  file.set(262, {3}, kShort);
  file.set(320, colours, kShort);
  return file.bytes();
}

using Tiff = DecodeTest;

TEST_F(Tiff, ASpareSampleIsNoAlpha) {
  TiffFile file = grey_file();
  file.data.clear();
  for (int i = 0; i < 20 * 18; ++i) file.data += std::string("\x40\0", 2);
  file.set(277, {2}, kShort);
  file.set(258, {8, 8}, kShort);
  file.set(279, {720});
  EXPECT_FALSE(std::holds_alternative<On>(decode(file.bytes())));
  file.set(338, {0}, kShort);
  EXPECT_FALSE(std::holds_alternative<On>(decode(file.bytes())));
  file.set(338, {2}, kShort);
  ASSERT_TRUE(std::holds_alternative<On>(decode(file.bytes())));
  EXPECT_EQ(row.pixels->at(0, 0)[0], 255);  // see-through: the background
}

TEST_F(Tiff, ReadsBothByteOrders) {
  for (bool little : {true, false}) {
    ASSERT_TRUE(std::holds_alternative<On>(decode(grey_file(little).bytes()))) << little;
    EXPECT_EQ(row.image_format, "tiff");
    EXPECT_EQ(row.width, 20);
    EXPECT_EQ(row.height, 18);
    for (int y = 0; y < 18; ++y) {
      int grey = 250 - 10 * y;
      expect_colour(19, y, {grey, grey, grey}, 0);
    }
  }
}

TEST_F(Tiff, ReadsWhiteAsZeroAndPalettes) {
  TiffFile white = grey_file();
  white.set(262, {0}, kShort);
  ASSERT_TRUE(std::holds_alternative<On>(decode(white.bytes())));
  expect_colour(0, 0, {5, 5, 5}, 0);
  ASSERT_TRUE(std::holds_alternative<On>(decode(palette_file())));
  expect_colour(0, 0, {255, 0, 0}, 0);
  expect_colour(19, 17, {0, 128, 255}, 0);
}

TEST_F(Tiff, ReadsStripsAndTilesOfEveryCompression) {
  auto sides = join(filled(100, 90, {200, 30, 40}, VIPS_INTERPRETATION_sRGB),
                    filled(100, 90, {30, 40, 200}, VIPS_INTERPRETATION_sRGB));
  for (const char* suffix :
       {".tif", ".tif[tile]", ".tif[compression=lzw,predictor=horizontal]",
        ".tif[compression=deflate]", ".tif[compression=packbits]",
        ".tif[tile,tile-width=32,tile-height=16,compression=lzw]", ".tif[tile,compression=deflate]",
        ".tif[compression=jpeg,Q=95]", ".tif[tile,compression=jpeg,Q=95]"}) {
    SCOPED_TRACE(suffix);
    ASSERT_TRUE(std::holds_alternative<On>(decode(save(sides, suffix))));
    EXPECT_EQ(row.width, 200);
    expect_colour(50, 45, {200, 30, 40}, 4);
    expect_colour(199, 89, {30, 40, 200}, 4);
  }
}

TEST_F(Tiff, ShowsTheFirstPageAndWalksNoFurther) {
  TiffFile file = grey_file();
  for (std::uint32_t next : {4U, 368U, 0xFFFFFFFFU}) {  // 368: itself
    file.next = next;
    ASSERT_TRUE(std::holds_alternative<On>(decode(file.bytes()))) << next;
    auto alone = tiff_first_page(file.bytes());
    ASSERT_TRUE(alone);
    EXPECT_FALSE(tiff_first_page(*alone));
  }
}

TEST_F(Tiff, HoldsHeadersToTheirLimits) {
  TiffFile file = grey_file();
  file.set(256, {50'000});
  file.set(257, {50'000});
  expect_dropped(file.bytes(), Drop::kTooManyPixels);
  file.set(256, {0x7FFFFFFF});
  file.set(257, {0x7FFFFFFF});
  expect_dropped(file.bytes(), Drop::kTooManyPixels);
  file.set(256, {0x80000000});
  expect_dropped(file.bytes(), Drop::kBrokenImage);
  file.set(256, {0});
  expect_dropped(file.bytes(), Drop::kBrokenImage);
  expect_dropped(grey_file().bytes(), Drop::kTooSmall, {.side_min = 19});
}

TEST_F(Tiff, HoldsWhatItsLibraryKeepsToALimit) {
  TiffFile file = grey_file();
  file.set(256, {7000});
  file.set(257, {7000});
  file.set(278, {7000});
  EXPECT_EQ(read_tiff(file.bytes())->held_pixels, 0);  // row by row
  file.set(278, {100});
  EXPECT_EQ(read_tiff(file.bytes())->held_pixels, 2 * 7000 * 100 / 8);
  file.set(278, {7000});
  file.set(277, {3}, kShort);
  file.set(262, {2}, kShort);
  file.set(258, {16, 16, 16}, kShort);
  file.set(284, {2}, kShort);  // planes
  EXPECT_EQ(read_tiff(file.bytes())->held_pixels, std::int64_t{2} * 6 * 7000 * 7000 / 8);
  expect_dropped(file.bytes(), Drop::kTooManyPixels);
  auto tiled = save(filled(64, 64, {1, 2, 3}, VIPS_INTERPRETATION_sRGB), ".tif[tile]");
  auto header = read_tiff(tiled);
  ASSERT_TRUE(header);
  EXPECT_EQ(header->held_pixels, 3 * 128 * 128 / 8 * 2 * 3);
}

TEST_F(Tiff, RefusesTilesThatMakeNoSense) {
  TiffFile file = grey_file();
  file.set(322, {16});
  file.set(323, {16});
  expect_dropped(file.bytes(), Drop::kBrokenImage);  // strips and tiles at once
  file.entries.erase(file.entries.begin() + 5);      // the strips
  for (std::uint32_t side : {0U, 1U, 15U, 17U, 10'016U, 0x80000000U}) {
    file.set(322, {side});
    expect_dropped(file.bytes(), Drop::kBrokenImage);
  }
}

// Such a tile of a few hundred bytes would make libvips ask for gigabytes.
TEST_F(Tiff, RefusesJpegTilesLargerThanTheirTile) {
  auto picture = filled(64, 64, {1, 2, 3}, VIPS_INTERPRETATION_sRGB);
  std::string whole = save(picture, ".tif[tile,compression=jpeg]");
  ASSERT_TRUE(std::holds_alternative<On>(decode(whole)));
  std::size_t frame = whole.find("\xFF\xC0");
  ASSERT_NE(frame, std::string::npos);
  for (const char* size : {"\xFF\xFF\xFF\xFF", "\x01\x00\x00\x80", "\x00\x81\x00\x80"}) {
    std::string large = whole;
    large.replace(frame + 5, 4, size, 4);
    expect_dropped(large, Drop::kBrokenImage);
  }
}

TEST_F(Tiff, LeavesWhatItDoesNotKnowUnread) {
  auto refuses = [&](int tag, std::uint32_t value) {
    TiffFile file = grey_file();
    file.set(tag, {value}, kShort);
    expect_dropped(file.bytes(), Drop::kNotAnImage);
  };
  refuses(259, 34712);  // JPEG 2000
  refuses(259, 6);      // JPEG as it once was
  refuses(262, 8);      // CIELAB
  refuses(258, 32);
  refuses(258, 12);
  refuses(339, 2);  // signed
  refuses(339, 3);  // real
  refuses(277, 3);
  refuses(277, 60000);
  refuses(259, 3);  // fax of eight bits
  std::string big = "II+" + std::string("\0\10\0\0\0", 5) + std::string(40, '\0');
  expect_dropped(big, Drop::kNotAnImage);
  big.replace(0, 4, std::string("MM\0+", 4));
  expect_dropped(big, Drop::kNotAnImage);
}

TEST_F(Tiff, RefusesDirectoriesThatLie) {
  for (int tag : {256, 257, 258, 259, 262, 277, 278}) {
    TiffFile file = grey_file();
    file.set(tag, {1}, kAscii);
    expect_dropped(file.bytes(), Drop::kBrokenImage);
    file.set(tag, {}, kShort);
    expect_dropped(file.bytes(), Drop::kBrokenImage);
  }
  std::string at_end = grey_file().bytes();
  at_end.replace(4, 4, "\xFF\xFF\xFF\x7F");
  expect_dropped(at_end, Drop::kBrokenImage);
  std::string itself = grey_file().bytes();
  itself.replace(4, 4, std::string("\0\0\0\0", 4));
  expect_dropped(itself, Drop::kBrokenImage);
}

TEST_F(Tiff, TakesTheFirstOfTwoEqualTags) {
  TiffFile file = grey_file();
  file.entries.insert(file.entries.begin() + 1, Entry{256, kShort, {19}});
  auto header = read_tiff(file.bytes());
  ASSERT_TRUE(header);
  EXPECT_EQ(header->size.width, 20);
  decode(file.bytes());
  EXPECT_EQ(row.width, 20);
}

}  // namespace
}  // namespace kale
