// The truth of a scene, as `kale evaluate captions --truth` reads it: bytes that mean harm end in a
// scene that can be written, read back and judged by, or in an error that names the file.
//
// Byte 0 says what the rest is: 'j' the truth itself, 't' a tar's member with it, 'p' its value in
// a parquet file, 'l' a file of JSON Lines, 'P' a whole parquet file, 'T' a whole tar.
#include <fstream>
#include <string>
#include <string_view>

#include "kale/core/check.h"
#include "kale/evaluate/judge/judge.h"
#include "kale/evaluate/report/truths.h"
#include "kale/io/parquet/table.h"
#include "kale/io/tar/tar_writer.h"
#include "kale/io/temp_folder.h"
#include "kale/world/scene/truth.h"
#include "tests/fuzz/memory_disk.h"

namespace {

using namespace kale;

constexpr std::string_view kKey = "000000007";
constexpr std::string_view kCaption =
    "Two red birds, one large, stand left of a car on a box; the background is white. A sign reads "
    "\"SALE 4.50\", the bar of May is 3, and the chart has two bars. Dawn, by Ilo Marr, 1907.";

void judge_by(const world::Scene& scene) {
  const evaluate::Judgement judged = evaluate::judge(scene, kCaption);
  for (const evaluate::JudgedClaim& claim : judged.claims)
    KALE_CHECK(claim.span.begin <= claim.span.end && claim.span.end <= kCaption.size(),
               "a claim lies in its caption");
  KALE_CHECK(judged.facts_told() <= static_cast<std::int64_t>(judged.facts.size()),
             "no more facts are told than there are");
}

void check_scene(const world::Scene& scene) {
  const auto again = world::parse_truth(world::truth_json(scene));
  KALE_CHECK(again && *again == scene, "what was read comes back when it is written");
  judge_by(scene);
}

void check_file(const TempFolder& folder, const char* name, std::string_view bytes) {
  const std::filesystem::path path = folder.path() / name;
  std::ofstream(path, std::ios::binary) << bytes;
  const auto truths = evaluate::read_truths(path);
  if (!truths) {
    KALE_CHECK(truths.error().message.find(path.string()) != std::string::npos,
               "an error names the file");
    return;
  }
  for (const auto& [key, truth] : truths->by_key) check_scene(*truth.scene);
}

// Made in memory: what is written to the disk for good takes longer than all else.
std::string tar_of(std::string_view member) {
  MemoryDisk disk;
  auto tar = TarWriter::create(disk, "tar");
  KALE_CHECK(tar && (*tar)->add(std::string(kKey) + ".json", member) && (*tar)->finish(),
             "a tar can be written");
  return disk.files["tar"];
}

std::string parquet_of(std::string_view truth) {
  MemoryDisk disk;
  TableSpec spec;
  spec.fields = {text_field("key"), text_field("truth")};
  auto table = TableWriter::create(disk, "parquet", std::move(spec));
  KALE_CHECK(table.has_value(), "a table can be written");
  const std::vector<BesideValue> values = {kKey, truth};
  KALE_CHECK((*table)->append(Row{}, values) && (*table)->finish(), "a table can be finished");
  return disk.files["parquet"];
}

void run(char form, std::string_view bytes) {
  static const TempFolder folder;
  switch (form) {
    case 'j':
      if (const auto scene = world::parse_truth(bytes)) return check_scene(*scene);
      return;
    case 't':
      return check_file(folder, "member.tar", tar_of(bytes));
    case 'p':
      return check_file(folder, "value.parquet", parquet_of(bytes));
    case 'l':
      return check_file(folder, "truth.jsonl", bytes);
    case 'P':
      return check_file(folder, "truth.parquet", bytes);
    case 'T':
      return check_file(folder, "truth.tar", bytes);
    default:
      return;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view all(reinterpret_cast<const char*>(data), size);
  if (!all.empty()) run(all.front(), all.substr(1));
  return 0;
}
