#include "kale/world/parts/catalogue.h"

#include <fmt/format.h>

#include <string_view>
#include <system_error>
#include <utility>

#include "kale/core/check.h"
#include "kale/text/lists.h"
#include "kale/world/parts/texts.h"
#include "kale/world/scene/kinds.h"
#include "kale/world/scene/named.h"
#include "kale/world/scene/table.h"

namespace kale::world {
namespace {

namespace fs = std::filesystem;

template <class F>
void each_line(std::string_view table, std::size_t columns, F use) {
  for (const std::string& line : list_lines(table)) {
    const std::vector<std::string_view> fields = split_at(line, '\t');
    KALE_CHECK(fields.size() == columns, "a line of a table with other columns: " + line);
    use(fields);
  }
}

Split split_of(std::string_view name) {
  Split split = Split::kTrain;
  KALE_CHECK(value_named(name, split), fmt::format("no split is called '{}'", name));
  return split;
}

fs::path file_of(const Packages& packages, std::string_view id, std::string_view ending) {
  const std::size_t slash = id.find('/');
  const std::string_view source = id.substr(0, slash);
  const std::string name = fmt::format("{}.{}", id.substr(slash + 1), ending);
  if (source == "stamp") return packages.stamps / name;
  const std::string_view folder = source == "emoji"  ? "openmoji"
                                  : source == "flag" ? "flag-icons"
                                                     : source;
  return packages.unpacked / folder / name;
}

Status there(const fs::path& file) {
  std::error_code ignored;  // whatever the reason, the file cannot be read
  if (fs::is_regular_file(file, ignored)) return {};
  return Error{Code::kNotFound,
               fmt::format("{} is missing, a part that scenes are made of; scripts/setup.sh "
                           "installs the packages that hold them; outside of kale's folder give "
                           "--packages the .deps/world in it",
                           fs::absolute(file).string())};
}

}  // namespace

Result<Catalogue> Catalogue::load(const Packages& packages) {
  Catalogue catalogue;
  const auto shelf = [&](Split split) -> Shelf& {
    return catalogue.shelves_[static_cast<std::size_t>(split)];
  };
  each_line(world_parts_texts::parts, 6, [&](const std::vector<std::string_view>& fields) {
    const Kind* kind = find_kind(fields[4]);
    KALE_CHECK(kind != nullptr, fmt::format("parts.tsv: kinds.tsv lacks '{}'", fields[4]));
    Part part{.id = std::string(fields[0]),
              .file = file_of(packages, fields[0], fields[1]),
              .kind = kind->noun,
              .name = std::string(fields[5] == "-" ? "" : fields[5]),
              .category = kind->category,
              .photo = fields[2] == "photo",
              .split = split_of(fields[3])};
    shelf(part.split).parts.push_back(std::move(part));
  });
  each_line(world_parts_texts::fonts, 4, [&](const std::vector<std::string_view>& fields) {
    const Split split = split_of(fields[2]);
    shelf(split).fonts.push_back(
        {std::string(fields[0]), fields[1] == "text", split, packages.fonts / fields[3]});
  });
  each_line(world_parts_texts::wallpapers, 2, [&](const std::vector<std::string_view>& fields) {
    const Split split = split_of(fields[1]);
    shelf(split).wallpapers.push_back(
        {std::string(fields[0]), packages.wallpapers / fields[0], split});
  });
  for (const Shelf& one : catalogue.shelves_) {
    for (const Part& part : one.parts) KALE_OK(there(part.file));
    for (const Font& font : one.fonts) KALE_OK(there(font.file));
    for (const Wallpaper& wallpaper : one.wallpapers) KALE_OK(there(wallpaper.file));
  }
  return catalogue;
}

}  // namespace kale::world
