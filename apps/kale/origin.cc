#include "apps/kale/origin.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>

#include "apps/kale/places.h"
#include "kale/io/disk.h"
#include "kale/resume/records.h"

namespace kale {
namespace fs = std::filesystem;
namespace {

using nlohmann::json;

constexpr std::int64_t kOriginBytesMax = std::int64_t{1} << 20;

struct Origin {
  std::string kind;
  fs::path path;
};

Result<std::optional<Origin>> recall_origin(const fs::path& file) {
  auto text = real_disk().read(file, kOriginBytesMax);
  if (!text && text.error().code == Code::kNotFound) return std::optional<Origin>();
  if (!text) return std::move(text).error();
  const json value = json::parse(*text, nullptr, false);
  auto path =
      value.is_object() && value.contains("path") ? path_from_json(value["path"]) : std::nullopt;
  if (!path || !value.contains("kind") || !value["kind"].is_string())
    return Error{Code::kCorrupt,
                 fmt::format("{} is damaged; restore it from a copy, or, if the source is the one "
                             "that the folder was begun with, remove it",
                             file.string())};
  return std::optional(Origin{value["kind"].get<std::string>(), *path});
}

// The first frozen file that is not under `path` as it was; empty where all are.
Result<std::string> missing_under(const fs::path& path, const Manifest& manifest) {
  KALE_TRY(auto place, real_disk().stat(path));
  const bool one_file = place && !place->is_folder;
  const fs::path folder = one_file ? path.parent_path() : path;
  std::string missing;
  Status looked;
  manifest.files([&](const InputFile& file) {
    if (!missing.empty() || !looked) return;
    auto found = real_disk().stat(folder / file.path);
    if (!found) looked = found.error();
    bool same = found && *found && (*found)->bytes == file.bytes &&
                (!one_file || path.filename() == fs::path(file.path));
    if (!same) missing = file.path;
  });
  KALE_OK(looked);
  return missing;
}

}  // namespace

Status check_apart(const fs::path& out, const Assembled& assembled) {
  const fs::path root = assembled.pipeline.source->traits().root;
  if (!root.empty()) {
    KALE_TRY(bool inside, lies_in(out, root));
    if (inside)
      return Error{Code::kBadConfig,
                   fmt::format("{} lies in the source's folder, {}; give --out a folder outside it",
                               out.string(), root.string())};
  }
  if (assembled.source_path.empty()) return {};
  KALE_TRY(bool inside, lies_in(assembled.source_path, out));
  if (!inside) return {};
  return Error{Code::kBadConfig,
               fmt::format("the source, {}, lies in {}, where kale replaces files; give --out "
                           "another folder",
                           assembled.source_path.string(), out.string())};
}

Status check_origin(const fs::path& out, const Assembled& assembled, const Manifest& manifest) {
  const fs::path file = out / "state" / "source";
  const Origin now{std::string(assembled.pipeline.source->traits().name), assembled.source_path};
  KALE_TRY(auto before, recall_origin(file));
  if (before && before->kind == now.kind && before->path == now.path) return {};
  if (before && manifest.shards() > 0) {
    std::string why = "that is another kind of source";
    if (before->kind == now.kind) {
      KALE_TRY(std::string missing, missing_under(now.path, manifest));
      why = missing.empty() ? "" : fmt::format("{} is not there as it was", missing);
    }
    if (!why.empty())
      return Error{Code::kBadConfig,
                   fmt::format("{} holds the captions of {} (source kind {}), not of {} (source "
                               "kind {}): {}; give --out a new folder, or set the source back",
                               out.string(), before->path.string(), before->kind, now.path.string(),
                               now.kind, why)};
  }
  const json value{{"kind", now.kind}, {"path", path_to_json(now.path.string())}};
  return write_whole_file(real_disk(), file, value.dump() + "\n");
}

}  // namespace kale
