#include "kale/world/make/shard.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "kale/io/parquet/table.h"
#include "kale/io/tar/tar_reader.h"
#include "kale/io/tar/tar_writer.h"
#include "kale/world/scene/truth.h"

namespace kale::world {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kTruthBytesMax = std::int64_t{16} << 20;

fs::path tar_of(const fs::path& out, const std::string& name) {
  return out / "tar" / (name + ".tar");
}
fs::path table_of(const fs::path& out, const std::string& name) {
  return out / "parquet" / (name + ".parquet");
}

TableSpec table_spec() {
  return {.fields = {text_field("key"), image_field("image"), text_field("alt_text"),
                     text_field("caption_brief"), text_field("caption_dense"),
                     text_field("caption_fused_brief"), text_field("caption_fused_dense"),
                     text_field("questions"), text_field("truth")},
          .for_hub = true};
}

std::string questions_json(const Scene& scene) {
  auto list = nlohmann::ordered_json::array();
  for (const Question& question : scene.questions) {
    list.push_back({{"kind", question_kind_name(question.kind)},
                    {"question", question.question},
                    {"answers", question.answers},
                    {"choices", question.choices},
                    {"sampling", question.sampling}});
  }
  return list.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

Status write_tar(Disk& disk, const fs::path& path, const std::vector<MadeScene>& scenes,
                 const std::vector<std::string>& truths) {
  KALE_TRY(const std::unique_ptr<TarWriter> tar, TarWriter::create(disk, path));
  for (std::size_t i = 0; i < scenes.size(); ++i) {
    const Scene& scene = scenes[i].scene;
    KALE_OK(tar->add(scene.key + ".jpg", scenes[i].jpeg));
    KALE_OK(tar->add(scene.key + ".json", truths[i]));
    KALE_OK(tar->add(scene.key + ".txt", scene.alt_text.text));
  }
  KALE_TRY([[maybe_unused]] const std::int64_t bytes, tar->finish());
  return {};
}

Status write_table(Disk& disk, const fs::path& path, const std::vector<MadeScene>& scenes,
                   const std::vector<std::string>& truths) {
  KALE_TRY(const std::unique_ptr<TableWriter> table, TableWriter::create(disk, path, table_spec()));
  for (std::size_t i = 0; i < scenes.size(); ++i) {
    const Scene& scene = scenes[i].scene;
    const std::string file = scene.key + ".jpg";
    const std::string questions = questions_json(scene);
    const std::vector<BesideValue> beside = {scene.key,
                                             ImageValue{scenes[i].jpeg, file},
                                             scene.alt_text.text,
                                             scene.captions.brief,
                                             scene.captions.dense,
                                             scene.captions.fused_brief,
                                             scene.captions.fused_dense,
                                             questions,
                                             truths[i]};
    KALE_OK(table->append(Row{}, beside));
  }
  KALE_TRY([[maybe_unused]] const TableFile done, table->finish());
  return {};
}

}  // namespace

Status write_shard(Disk& disk, const fs::path& out, const std::string& name,
                   const std::vector<MadeScene>& scenes) {
  std::vector<std::string> truths;
  for (const MadeScene& made : scenes) truths.push_back(truth_json(made.scene));
  const fs::path tar = tar_of(out, name);
  const fs::path table = table_of(out, name);
  const fs::path tar_aside = tar.string() + ".aside";
  const fs::path table_aside = table.string() + ".aside";
  KALE_OK(write_tar(disk, tar_aside, scenes, truths));
  KALE_OK(write_table(disk, table_aside, scenes, truths));
  KALE_OK(disk.rename(tar_aside, tar));
  return disk.rename(table_aside, table);
}

Result<bool> has_shard(Disk& disk, const fs::path& out, const std::string& name) {
  for (const fs::path& file : {tar_of(out, name), table_of(out, name)}) {
    KALE_TRY(const std::optional<FileInfo> info, disk.stat(file));
    if (!info) return false;
  }
  return true;
}

Result<std::vector<Scene>> read_shard(Disk& disk, const fs::path& out, const std::string& name) {
  const fs::path path = tar_of(out, name);
  KALE_TRY(std::unique_ptr<ReadableFile> file, disk.open(path));
  TarReader tar(std::move(file), path.string());
  std::vector<Scene> scenes;
  for (;;) {
    KALE_TRY(const std::optional<TarMember> member, tar.next());
    if (!member) return scenes;
    if (!member->name.ends_with(".json")) continue;
    KALE_TRY(const std::string truth, tar.read(kTruthBytesMax));
    KALE_TRY(scenes.emplace_back(), parse_truth(truth));
  }
}

}  // namespace kale::world
