#include "kale/io/parquet/extras_json.h"

#include <arrow/api.h>

#include "kale/io/parquet/arrow_door.h"
#include "kale/io/parquet/value_json.h"

namespace kale {

nlohmann::ordered_json ExtrasJson::value(const Row& row, std::size_t column) {
  const arrow::RecordBatch* batch = arrow_batch(row.extras.get());
  if (batch == nullptr) return {};
  if (row.extras != batch_) {
    batch_ = row.extras;
    places_.clear();
    for (const std::string& name : names_) places_.push_back(batch->schema()->GetFieldIndex(name));
  }
  const int place = places_[column];
  return place < 0 ? nlohmann::ordered_json()
                   : value_json(*batch->column(place), row.extras_row, BytesAs::kNull);
}

}  // namespace kale
