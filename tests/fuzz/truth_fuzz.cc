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
#include "kale/evaluate/report/captions.h"
#include "kale/io/disk.h"
#include "kale/io/parquet/table.h"
#include "kale/io/tar/tar_writer.h"
#include "kale/io/temp_folder.h"
#include "kale/world/scene/truth.h"

namespace {

namespace fs = std::filesystem;
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

// One caption, and a file for its truth beside it.
struct Place {
  TempFolder folder;
  fs::path data = folder.path() / "data.jsonl";

  Place() { std::ofstream(data) << "{\"key\": \"" << kKey << "\", \"caption\": \"A bird.\"}\n"; }
  fs::path write(const char* name, std::string_view bytes) const {
    const fs::path path = folder.path() / name;
    std::ofstream(path, std::ios::binary) << bytes;
    return path;
  }
};

void check_file(const Place& place, const fs::path& truth) {
  evaluate::CaptionsWanted wanted;
  wanted.data = place.data;
  wanted.truth = truth;
  const auto set = evaluate::read_captions(wanted);
  if (!set) {
    KALE_CHECK(set.error().message.find(truth.string()) != std::string::npos,
               "an error names the file");
    return;
  }
  KALE_CHECK(set->rows.size() == 1 && set->rows[0].truth, "the caption has its truth");
  check_scene(*set->rows[0].truth);
}

fs::path tar_of(const Place& place, std::string_view member) {
  const fs::path path = place.folder.path() / "member.tar";
  auto tar = TarWriter::create(real_disk(), path);
  KALE_CHECK(tar && (*tar)->add(std::string(kKey) + ".json", member) && (*tar)->finish(),
             "a tar can be written");
  return path;
}

fs::path parquet_of(const Place& place, std::string_view truth) {
  const fs::path path = place.folder.path() / "value.parquet";
  TableSpec spec;
  spec.fields = {text_field("key"), text_field("truth")};
  auto table = TableWriter::create(real_disk(), path, std::move(spec));
  KALE_CHECK(table.has_value(), "a table can be written");
  const std::vector<BesideValue> values = {kKey, truth};
  const Status appended = (*table)->append(Row{}, values);
  if (!appended) return place.write("value.parquet", "");
  KALE_CHECK((*table)->finish().has_value(), "a table can be finished");
  return path;
}

void run(char form, std::string_view bytes) {
  static const Place place;
  switch (form) {
    case 'j':
      if (const auto scene = world::parse_truth(bytes)) return check_scene(*scene);
      return;
    case 't':
      return check_file(place, tar_of(place, bytes));
    case 'p':
      return check_file(place, parquet_of(place, bytes));
    case 'l':
      return check_file(place, place.write("truth.jsonl", bytes));
    case 'P':
      return check_file(place, place.write("truth.parquet", bytes));
    case 'T':
      return check_file(place, place.write("truth.tar", bytes));
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
