// What becomes of one sample of a tar: a row, or the reason why not.
// Rows     as kale/sources/webdataset.h says
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

#include "kale/core/source.h"
#include "kale/sources/samples.h"
#include "kale/sources/webdataset.h"

namespace kale {

struct SampleRow {
  SourceRow row;
  nlohmann::json extras;  // keys of the sample's JSON that travel through; null where it has none
};

// `tar` is the tar's path relative to the source root, `number` the sample's place in it, from 0.
SampleRow make_sample_row(Sample sample, const std::string& tar, std::int64_t number,
                          const WebdatasetOptions& options);

// The row of a tar whose sample could not be reached.
SourceRow unreached_row(const std::string& tar, std::int64_t number, Error error);

// A name that nobody can be led astray by: no part is "..", "." or empty, and whatever is no text
// is %XX.
std::string harmless_name(std::string_view name);

}  // namespace kale
