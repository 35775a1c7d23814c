// Any bytes as a manifest: it loads or is refused; loaded, its shards add up, none leads out of the
// source, and new input is appended behind them.
#include "kale/resume/manifest.h"
#include "kale/resume/records.h"
#include "tests/fuzz/input.h"
#include "tests/fuzz/memory_disk.h"

namespace kale {
namespace {

std::string with_checksums(std::string_view lines) {
  std::string file = "kale manifest 1\n";
  while (!lines.empty()) {
    std::size_t end = std::min(lines.find('\n'), lines.size());
    file += record_line(lines.substr(0, end));
    lines.remove_prefix(std::min(end + 1, lines.size()));
  }
  return file;
}

// One new file, whose name no fuzzed line will hold.
struct OneFile : Source {
  std::string path;
  SourceTraits traits() const override { return {"one", {}, 1}; }
  Status list(const std::function<Status(InputFile)>& take) override { return take({path, 7, 70}); }
  Result<std::unique_ptr<RowReader>> open(const ShardSpec&, Columns) override {
    return Error{Code::kNotBuilt, "it has no rows"};
  }
};

std::int64_t rows_of(const Manifest& manifest) {
  std::int64_t sum = 0;
  for (std::int64_t index = 0; index < manifest.shards(); ++index) {
    ShardSpec shard = manifest.shard(index);
    KALE_CHECK(shard.rows() == manifest.shard_rows(index) && shard.rows() > 0, "rows add up");
    for (const Slice& slice : shard.slices) {
      std::filesystem::path path(slice.path);
      KALE_CHECK(path.is_relative() && path.lexically_normal() != "..", "inside the source");
      KALE_CHECK(path.lexically_normal().string().rfind("../", 0) != 0, "inside the source");
    }
    sum += shard.rows();
  }
  KALE_CHECK(sum == manifest.rows(), "shards add up");
  return sum;
}

void run(FuzzInput input) {
  const std::filesystem::path path = "manifest";
  MemoryDisk disk;
  disk.files[path] =
      input.behind_checksums ? with_checksums(input.bytes) : std::string(input.bytes);
  auto manifest = Manifest::open(disk, path);
  if (!manifest) {
    KALE_CHECK(manifest.error().code == Code::kCorrupt, "a foreign file is refused as such");
    return;
  }
  std::int64_t rows = rows_of(*manifest);
  std::int64_t shards = manifest->shards();
  OneFile source;
  source.path = std::string(input.bytes.size() + 1, 'n');
  auto added = manifest->append_new(disk, source, 3);
  KALE_CHECK(added && *added == 3, "seven rows make three shards of three");
  auto again = Manifest::open(disk, path);
  KALE_CHECK(again && again->shards() == shards + 3, "a manifest loads after it was written");
  KALE_CHECK(rows_of(*again) == rows + 7, "old shards stay as they were");
  KALE_CHECK(again->append_new(disk, source, 3).value() == 0, "a file is taken once");
}

}  // namespace
}  // namespace kale

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  kale::run({data, size});
  return 0;
}
