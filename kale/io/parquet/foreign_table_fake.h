// A table as others write it, for tests: columns of any type, in a parquet file, an Arrow file or
// an Arrow stream.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace arrow {
class Array;
}

namespace kale {

class ForeignTable {
 public:
  using Text = std::optional<std::string>;
  ForeignTable();
  ~ForeignTable();

  ForeignTable& texts(const std::string& name, const std::vector<Text>& values);
  ForeignTable& large_texts(const std::string& name, const std::vector<Text>& values);
  ForeignTable& coded_texts(const std::string& name, const std::vector<Text>& values);
  ForeignTable& bytes(const std::string& name, const std::vector<Text>& values);
  // The `datasets` struct of bytes and path.
  ForeignTable& pictures(const std::string& name,
                         const std::vector<std::pair<Text, Text>>& bytes_and_path);
  // Of any Arrow type.
  ForeignTable& column(const std::string& name, std::shared_ptr<arrow::Array> values);
  ForeignTable& wholes(const std::string& name, const std::vector<std::int64_t>& values);
  ForeignTable& reals(const std::string& name, const std::vector<double>& values);
  ForeignTable& days(const std::string& name, const std::vector<std::int32_t>& since_1970);
  ForeignTable& text_lists(const std::string& name,
                           const std::vector<std::vector<std::string>>& values);
  ForeignTable& unions(const std::string& name, const std::vector<std::int64_t>& values);

  void write_parquet(const std::filesystem::path& path, std::int64_t group_rows = 1000) const;
  void write_arrow_file(const std::filesystem::path& path, std::int64_t batch_rows = 1000) const;
  void write_arrow_stream(const std::filesystem::path& path, std::int64_t batch_rows = 1000) const;

 private:
  struct Columns;
  std::shared_ptr<Columns> columns_;
};

}  // namespace kale
