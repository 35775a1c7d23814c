#include "kale/io/parquet/extras_json.h"

#include <arrow/api.h>

#include <string>

#include "kale/io/parquet/arrow_door.h"
#include "kale/io/parquet/value_json.h"

namespace kale {

nlohmann::ordered_json extras_json(const Row& row, std::string_view name) {
  const arrow::RecordBatch* batch = arrow_batch(row.extras.get());
  auto column = batch == nullptr ? nullptr : batch->GetColumnByName(std::string(name));
  return column == nullptr ? nlohmann::ordered_json()
                           : value_json(*column, row.extras_row, BytesAs::kNull);
}

}  // namespace kale
