// Tables that others wrote, record by record. Which columns are ours is said by name; all others
// travel through with their types.
// Errors   opening: kNotFound, kIo, kCorrupt, kLimit; after that a record that cannot be read says
//          so itself, and counting gives as many records as reading does. kIo is never a record's:
//          a disk that does not answer says nothing of what stands there
// Threads  a reader belongs to one thread at a time
// Units    a batch in memory holds about kRecordBatchBytes of values, or one record that is larger;
//          a parquet page (not a row group) and an Arrow file's own batches are held whole, up to
//          three times for a moment; in all at most kTableMemoryMax
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "kale/core/result.h"
#include "kale/io/disk.h"
#include "kale/io/parquet/extras.h"

namespace kale {

inline constexpr std::int64_t kRecordBatchBytes = std::int64_t{8} << 20;
inline constexpr std::int64_t kRecordBatchRows = 1024;
// What one open table may take, whatever its bytes claim.
inline constexpr std::int64_t kTableMemoryMax = std::int64_t{2} << 30;
// More records than this in a byte of file is a lie of its footer.
inline constexpr std::int64_t kRecordsPerByteMax = 16;

// A longer text or byte string of a column that travels through becomes null: thousands of rows
// with their extra columns are in memory at once, and pictures have a role.
inline constexpr std::int64_t kExtraValueBytesMax = std::int64_t{1} << 20;

// Each column costs memory in every batch and every part, however empty it is. Of nested columns
// each leaf counts.
inline constexpr std::size_t kTableColumnsMax = 2000;
std::string too_many_columns(std::size_t columns);

// What a column is to kale.
enum class Role : std::uint8_t {
  kCaptionDense,  // first: who names a column for it means it for nothing else
  kAltText,
  kImage,
  kImagePath,  // or a URL
  kUrl,
  kUid,  // travels through too, since a row keeps only its hash
  kLicence,
  kAttribution,
};
inline constexpr std::size_t kRoles = 8;
// Names to look for, the first that a table has is taken.
using RoleNames = std::array<std::vector<std::string>, kRoles>;

struct Record {
  std::array<std::optional<std::string>, kRoles> texts;  // by role; of kImage its path or URL
  std::shared_ptr<const std::string> image;              // only where images are wanted
  ExtrasPtr extras;                                      // null for none
  std::int64_t extras_row = 0;
  std::optional<Error> error;  // why there is nothing else; names the file and the place in it

  std::optional<std::string>& text(Role role) { return texts[static_cast<std::size_t>(role)]; }
};

class RecordReader {
 public:
  virtual ~RecordReader() = default;
  // Nothing after the last. An error is the world's; what is wrong with a record stands in it.
  virtual Result<std::optional<Record>> next() = 0;
  // Passes over the next `records`, as cheaply as the format allows; returns how many there were.
  virtual Result<std::int64_t> skip(std::int64_t records) = 0;
  // The next `records` are a stretch: what they give does not depend on what was read before or
  // stands behind, and after the last comes nothing. skip() ends it. Never within a stretch.
  virtual void begin([[maybe_unused]] std::int64_t records) {}
};

struct RecordWants {
  RoleNames names;
  bool images = true;
};

Result<std::unique_ptr<RecordReader>> open_parquet_records(const std::filesystem::path& path,
                                                           const RecordWants& wants);
// `path` names the file in errors.
Result<std::unique_ptr<RecordReader>> read_parquet_records(std::unique_ptr<ReadableFile> file,
                                                           const std::filesystem::path& path,
                                                           const RecordWants& wants);
Result<std::int64_t> count_parquet_records(const std::filesystem::path& path);  // footer only

// IPC files and streams: what `datasets` saves, and Feather 2.
Result<std::unique_ptr<RecordReader>> open_arrow_records(const std::filesystem::path& path,
                                                         const RecordWants& wants);
Result<std::unique_ptr<RecordReader>> read_arrow_records(std::unique_ptr<ReadableFile> file,
                                                         const std::filesystem::path& path,
                                                         const RecordWants& wants);
// Reads through the file.
Result<std::int64_t> count_arrow_records(const std::filesystem::path& path);

}  // namespace kale
