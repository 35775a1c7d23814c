#include "kale/yaml/page.h"

#include <fmt/format.h>

#include <algorithm>

#include "kale/io/disk.h"
#include "kale/yaml/nearest.h"
#include "kale/yaml/yaml.h"

namespace kale {
namespace {

constexpr std::int64_t kPageBytesMax = 1 << 20;

}  // namespace

Result<Page> parse_page(const std::string& text, const std::filesystem::path& file,
                        const std::vector<std::string>& sets, std::string_view sections) {
  Page page;
  KALE_TRY(page.tree, load_yaml(text, file.string()));
  if (!page.tree.IsMap())
    return Error{Code::kBadConfig,
                 fmt::format("{} must be a map with {}", file.string(), sections)};
  for (const std::string& set : sets) KALE_OK(apply_set(page.tree, set));
  page.name = file.stem().string();
  page.folder = std::filesystem::absolute(file).parent_path();
  if (YAML::Node name = page.tree["name"]; name && name.IsScalar()) page.name = name.Scalar();
  if (YAML::Node seed = page.tree["seed"])
    if (!seed.IsScalar() || !YAML::convert<std::uint64_t>::decode(seed, page.seed))
      return Error{Code::kBadConfig, file.string() + ": 'seed' must be a whole number from 0"};
  return page;
}

Result<std::string> read_page(const std::filesystem::path& file) {
  auto text = real_disk().read(file, kPageBytesMax);
  if (!text && text.error().code == Code::kLimit)
    return Error{Code::kBadConfig, text.error().message};
  return text;
}

Status check_keys(const YAML::Node& tree, const std::string& file,
                  const std::vector<std::string>& known) {
  for (const auto& entry : tree) {
    const std::string key = entry.first.IsScalar() ? entry.first.Scalar() : std::string("?");
    if (std::find(known.begin(), known.end(), key) == known.end())
      return Error{Code::kBadConfig,
                   fmt::format("{}: unknown key '{}'{}", file, shown(key), hint(key, known))};
  }
  return {};
}

}  // namespace kale
