// A folder of tables for tests, and what the rows of one say.
// Threads  one thread at a time
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "kale/core/executor_fake.h"
#include "kale/io/temp_folder.h"
#include "kale/sources/row_fill.h"
#include "kale/sources/table.h"

namespace kale {

namespace fs = std::filesystem;

class TableTest : public testing::Test {
 protected:
  fs::path file(const std::string& name) {
    fs::path path = root() / name;
    fs::create_directories(path.parent_path());
    return path;
  }
  fs::path root() const { return folder_.path() / "root"; }
  void put(const std::string& name, std::string_view bytes) {
    std::ofstream(file(name), std::ios::binary) << bytes;
  }

  std::unique_ptr<Source> make(TableOptions options = {}) {
    if (options.path.empty()) options.path = "root";
    BuildContext build{executor_, 1, folder_.path(), {}};
    return make_table(std::move(options), build).value();
  }
  // Everything the source lists and counts.
  ShardSpec whole(Source& source) {
    ShardSpec shard;
    Status listed = source.list([&](InputFile file) -> Status {
      EXPECT_EQ(file.rows, InputFile::kUncounted);
      shard.slices.push_back({file.path, 0, source.count(file).value(), file.bytes});
      return {};
    });
    EXPECT_TRUE(listed) << listed.error().message;
    return shard;
  }
  std::vector<SourceRow> rows_of(Source& source, const ShardSpec& shard,
                                 Columns wants = {Column::kImageBytes}) {
    auto reader = source.open(shard, wants).value();
    std::vector<SourceRow> rows;
    while (auto row = reader->next().value()) rows.push_back(std::move(*row));
    EXPECT_EQ(static_cast<std::int64_t>(rows.size()), shard.rows());
    return rows;
  }
  std::vector<SourceRow> rows(TableOptions options = {}, Columns wants = {Column::kImageBytes}) {
    auto source = make(std::move(options));
    return rows_of(*source, whole(*source), wants);
  }
  std::vector<std::string> paths(TableOptions options = {}) {
    auto source = make(std::move(options));
    std::vector<std::string> found;
    for (const Slice& slice : whole(*source).slices) found.push_back(slice.path);
    return found;
  }

  FakeExecutor executor_;
  TempFolder folder_;
};

inline constexpr Columns kNoImages{};

inline Drop reason(const SourceRow& row) { return std::get<Dropped>(row.outcome).reason; }
inline const std::string& drop_detail(const SourceRow& row) {
  return std::get<Dropped>(row.outcome).detail;
}
inline Code code(const SourceRow& row) { return std::get<Failed>(row.outcome).error.code; }

}  // namespace kale
