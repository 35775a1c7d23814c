#include "kale/world/make/sheet.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "kale/io/tar/tar_reader.h"
#include "kale/world/draw/canvas.h"
#include "kale/world/draw/picture.h"
#include "kale/world/scene/truth.h"

namespace kale::world {
namespace {

namespace fs = std::filesystem;

constexpr int kAcross = 10;
constexpr int kGap = 8;
constexpr int kLetters = 11;
constexpr int kLineHeight = 15;
constexpr int kLines = 4;
constexpr std::int64_t kMemberBytesMax = std::int64_t{16} << 20;

struct Tile {
  Raster picture;
  std::vector<std::string> lines;
};

// Cut into lines of so many bytes, at blanks, within the room there is below a picture.
void add_lines(std::vector<std::string>& lines, std::string text, std::size_t most) {
  while (!text.empty() && lines.size() < kLines) {
    std::size_t end = text.size() <= most ? text.size() : text.rfind(' ', most);
    if (end == std::string::npos || end == 0) end = std::min(most, text.size());
    lines.push_back(text.substr(0, end));
    text.erase(0, std::min(text.size(), end + 1));
  }
}

Result<Tile> tile_of(std::string_view jpeg, std::string_view json) {
  KALE_TRY(const Scene scene, parse_truth(json));
  Tile tile;
  KALE_TRY(tile.picture, decoded(jpeg));
  const auto most = static_cast<std::size_t>(scene.width / 6);
  add_lines(tile.lines,
            fmt::format("{} [{}]", scene.alt_text.text, alt_form_name(scene.alt_text.form)), most);
  add_lines(tile.lines, scene.captions.brief, most);
  return tile;
}

// `passed` counts the scenes that were passed over, at most `skip`.
Status read_tiles(Disk& disk, const fs::path& path, std::size_t count, int skip, int& passed,
                  std::vector<Tile>& tiles) {
  KALE_TRY(std::unique_ptr<ReadableFile> file, disk.open(path));
  TarReader tar(std::move(file), path.string());
  std::string jpeg;
  while (tiles.size() < count) {
    KALE_TRY(const std::optional<TarMember> member, tar.next());
    if (!member) break;
    KALE_TRY(std::string bytes, tar.read(kMemberBytesMax));
    if (member->name.ends_with(".jpg")) jpeg = std::move(bytes);
    if (!member->name.ends_with(".json")) continue;
    if (passed < skip) {
      ++passed;
      continue;
    }
    Result<Tile> tile = tile_of(jpeg, bytes);
    if (!tile) {
      Error error = std::move(tile).error();
      error.message = fmt::format("{}: {}: {}; make the world again", path.string(), member->name,
                                  error.message);
      return error;
    }
    tiles.push_back(std::move(*tile));
  }
  return {};
}

}  // namespace

Result<std::string> contact_sheet(Disk& disk, const fs::path& world, int count, int skip) {
  KALE_TRY(const std::optional<FileInfo> tars, disk.stat(world / "tar"));
  if (!tars || !tars->is_folder)
    return Error{Code::kNotFound, fmt::format("{} is no world, it has no folder 'tar'; name the "
                                              "folder that was --out of kale world make",
                                              world.string())};
  KALE_TRY(const std::vector<std::string> names, disk.list(world / "tar"));
  std::vector<Tile> tiles;
  int passed = 0;
  for (const std::string& name : names) {
    if (name.ends_with(".tar"))
      KALE_OK(read_tiles(disk, world / "tar" / name, static_cast<std::size_t>(count), skip, passed,
                         tiles));
  }
  if (tiles.empty() && passed > 0)
    return Error{
        Code::kBadConfig,
        fmt::format("{} holds {} scenes, and --skip {} passes over all of them; skip fewer",
                    (world / "tar").string(), passed, skip)};
  if (tiles.empty())
    return Error{Code::kNotFound,
                 fmt::format("{} holds no scenes; make some: kale world make --rows 60 --out {}",
                             (world / "tar").string(), world.string())};
  int side = 0;
  for (const Tile& tile : tiles) side = std::max({side, tile.picture.width, tile.picture.height});
  const int rows = (static_cast<int>(tiles.size()) + kAcross - 1) / kAcross;
  const int high = side + kLines * kLineHeight + kGap;
  Canvas canvas(kAcross * (side + kGap) + kGap, rows * high + kGap);
  canvas.fill(paint("white"));
  for (std::size_t i = 0; i < tiles.size(); ++i) {
    const int left = kGap + static_cast<int>(i) % kAcross * (side + kGap);
    int top = kGap + static_cast<int>(i) / kAcross * high;
    canvas.place(tiles[i].picture, left, top);
    top += side;
    for (const std::string& line : tiles[i].lines) {
      if (line.find_first_not_of(' ') != std::string::npos) {
        KALE_TRY(const Ink letters, ink(line, "DejaVu Sans", kLetters));
        canvas.write(letters, left, top, paint("black"));
      }
      top += kLineHeight;
    }
  }
  return encoded_png(canvas.rgb());
}

}  // namespace kale::world
