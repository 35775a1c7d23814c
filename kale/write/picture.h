// The encoded picture of a published row: its bytes come again from the source, since no part holds
// them, and its ending follows from what was decoded.
// Errors   kNotFound naming row and cure where a picture has gone or changed; the
//          source's own
// Threads  one thread at a time
// Units    one row's picture is in memory at a time
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "kale/core/source.h"

namespace kale {

// Opens the rows of shard i, with key and image_bytes.
using OpenShard = std::function<Result<std::unique_ptr<RowReader>>(std::int64_t shard)>;

class PictureReader {
 public:
  explicit PictureReader(OpenShard open) : open_(std::move(open)) {}

  // From now on of() is about rows of this shard; `part` is the file that keeps them.
  Status start_shard(std::int64_t shard, std::string part);

  // Puts image_bytes into `row`, the shard's row number `ordinal`; ordinals rise.
  Status fill(Row& row, std::int64_t ordinal);

 private:
  Error trouble(const Row& row, std::string_view what) const;

  OpenShard open_;
  std::string part_;
  std::unique_ptr<RowReader> reader_;
  std::int64_t next_ordinal_ = 0;
};

// "jpg", "png": from image_format, or the path's own ending where no step told the format.
std::string picture_ending(const Row& row);

// Whether image libraries read it: not SVG, which is a drawing's source.
bool is_raster(const Row& row);

}  // namespace kale
