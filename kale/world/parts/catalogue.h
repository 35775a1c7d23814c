// What scenes are made of: cut-out pictures, fonts and wallpapers of packages, each in one split.
// Errors   kNotFound names the first file that is missing, and the command that brings it
// Threads  immutable once loaded
#pragma once

#include <array>
#include <filesystem>
#include <string>
#include <vector>

#include "kale/core/result.h"
#include "kale/world/scene/scene.h"

namespace kale::world {

struct Part {
  std::string id;  // "stamp/animals/birds/crow", "emoji/1F427", "noto/penguin", "flag/no"
  std::filesystem::path file;
  std::string kind;  // a row of kinds.tsv
  std::string name;  // may be empty
  std::string category;
  bool photo = false;
  Split split = Split::kTrain;

  bool is_flag() const { return kind == "flag"; }
};

struct Font {
  std::string family;
  bool small = false;  // legible in small sizes
  Split split = Split::kTrain;
  std::filesystem::path file;
};

struct Wallpaper {
  std::string name;  // in its package: "gnome/wood-d.webp"
  std::filesystem::path file;
  Split split = Split::kTrain;
};

// Where packages put their files.
struct Packages {
  std::filesystem::path stamps = "/usr/share/tuxpaint/stamps";
  std::filesystem::path fonts = "/usr/share/fonts";
  std::filesystem::path wallpapers = "/usr/share/backgrounds";
  std::filesystem::path unpacked = ".deps/world";  // a folder each
};

// The three tables of one split.
struct Shelf {
  std::vector<Part> parts;
  std::vector<Font> fonts;
  std::vector<Wallpaper> wallpapers;
};

class Catalogue {
 public:
  // Looks for every file.
  static Result<Catalogue> load(const Packages& packages);

  const Shelf& shelf(Split split) const { return shelves_[static_cast<std::size_t>(split)]; }

 private:
  std::array<Shelf, 3> shelves_;
};

}  // namespace kale::world
