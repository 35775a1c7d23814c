// Reads whatever the bytes hold as a tar, and as the samples of a tar: nothing may crash, and who
// counts samples must come to as many as who reads them.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "kale/core/check.h"
#include "kale/io/file_fake.h"
#include "kale/io/tar/tar_reader.h"
#include "kale/sources/sample_row.h"
#include "kale/sources/samples.h"

namespace {

constexpr std::int64_t kBytesMax = 1 << 16;
// Bytes that compress well could hold more members than a fuzzer has time for.
constexpr int kSamplesMax = 1000;

void read_members(const std::string& bytes) {
  kale::TarReader tar(std::make_unique<kale::MemoryFile>(bytes), "t.tar");
  for (int i = 0; i < kSamplesMax; ++i) {
    auto member = tar.next();
    if (!member || !*member) return;
    auto read = tar.read(kBytesMax);
    KALE_CHECK(!read || static_cast<std::int64_t>(read->size()) <= kBytesMax, "the limit holds");
  }
}

int count_samples(const std::string& bytes, kale::SampleWants wants) {
  const kale::WebdatasetOptions options;
  const kale::SampleFields fields{options.image_fields, options.alt_text_field, options.json_field,
                                  kBytesMax, kBytesMax};
  kale::SampleReader samples(std::make_unique<kale::MemoryFile>(bytes), "t.tar", fields);
  for (int i = 0; i < kSamplesMax; ++i) {
    auto sample = samples.next(wants);
    KALE_CHECK(sample.has_value(), "memory does not fail");
    if (!*sample) return i;
    kale::make_sample_row(std::move(**sample), "t.tar", i, options);
  }
  return kSamplesMax;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  read_members(bytes);
  KALE_CHECK(count_samples(bytes, {}) == count_samples(bytes, {true, true}),
             "counting agrees with reading");
  return 0;
}
