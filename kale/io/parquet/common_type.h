// The one type that holds the values of two columns of the same name; for the files of this room
// only. A name that is a number here and a text there must not end a run of days:
//
//   the same types              that type
//   nulls alone, and a type     that type
//   whole numbers               int64
//   whole and real numbers      double
//   lists                       list of what holds the values of both
//   structs                     struct of the fields of both, at most kStructFieldsMax
//   anything else               text: a text as it is, the rest as JSON; bytes in hex
//
// Whatever order columns are united in, the result is the same but for the order of struct fields.
#pragma once

#include <memory>
#include <string>

#include "kale/core/result.h"

namespace arrow {
class Array;
class DataType;
}  // namespace arrow

namespace kale {

// A struct with more fields is a map in disguise: its keys are data.
inline constexpr int kStructFieldsMax = 64;

std::shared_ptr<arrow::DataType> common_type(const std::shared_ptr<arrow::DataType>& a,
                                             const std::shared_ptr<arrow::DataType>& b);

// `type` with text in place of structs without fields, which parquet cannot hold.
std::shared_ptr<arrow::DataType> storable_type(const std::shared_ptr<arrow::DataType>& type);

// The values of `array` in `type`, which is what common_type() and storable_type() made of its own.
Result<std::shared_ptr<arrow::Array>> widened(const std::shared_ptr<arrow::Array>& array,
                                              const std::shared_ptr<arrow::DataType>& type);

}  // namespace kale
