// Where pairs come from. A source lists its input files once (the manifest freezes the list) and
// then streams the rows of a shard. A row that is bad from birth (no alt-text) comes out with its
// reason.
// Threads  list() and each reader are used by one thread at a time; several readers may be open at
//          once
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "kale/core/outcome.h"
#include "kale/core/row.h"

namespace kale {

struct InputFile {
  static constexpr std::int64_t kUncounted = -1;
  std::string path;        // relative to the source root; also the sort order
  std::int64_t rows = 1;   // kUncounted where that takes reading the file; see Source::count()
  std::int64_t bytes = 0;  // on disk; for admission, not for identity
};

// Rows [first_row, first_row + rows) of one input file.
struct Slice {
  std::string path;
  std::int64_t first_row = 0;
  std::int64_t rows = 0;
  std::int64_t bytes = 0;  // estimate for these rows
};

struct ShardSpec {
  std::int64_t index = 0;
  std::vector<Slice> slices;
  std::int64_t rows() const;
};

struct SourceRow {
  Row row;
  Outcome outcome = On{};  // On, Dropped or Failed
};

class RowReader {
 public:
  virtual ~RowReader() = default;
  // The next row in order; nullopt after the last. An Error is the world's (source root gone), not
  // the row's.
  virtual Result<std::optional<SourceRow>> next() = 0;
};

struct SourceTraits {
  std::string_view name;
  Columns provides;
  int revision = 1;
  std::filesystem::path root = {};  // searched anew by list(); empty where one file was named
};

class Source {
 public:
  virtual ~Source() = default;
  virtual SourceTraits traits() const = 0;
  // Calls `take` for every input file, ordered by path.
  virtual Status list(const std::function<Status(InputFile)>& take) = 0;
  // Rows of a listed file that came with kUncounted; asked once in the life of an output folder,
  // when the manifest freezes the file. A file that cannot be read at all counts as one row, which
  // its reader gives as Failed: one torn file of many must not end the run.
  virtual Result<std::int64_t> count(const InputFile& file) { return file.rows; }
  // `wants` says which columns will be read; image_bytes are loaded only if it has them.
  virtual Result<std::unique_ptr<RowReader>> open(const ShardSpec& shard, Columns wants) = 0;
};

}  // namespace kale
