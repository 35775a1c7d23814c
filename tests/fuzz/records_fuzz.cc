// Any bytes as CSV, TSV, JSON Lines or a list of places: nothing crashes, counting gives as many
// records as reading, and reading gives the same from wherever it starts.
//
// Byte 0 chooses the form, byte 1 the limit of a record, byte 2 how many bytes a block holds.
#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "kale/core/check.h"
#include "kale/io/tables/text_records.h"

namespace kale {
namespace {

constexpr std::size_t kHead = 3;

class MemoryBlocks : public ByteBlocks {
 public:
  MemoryBlocks(std::string_view bytes, std::size_t block) : bytes_(bytes), block_(block) {}
  Result<std::string_view> next() override {
    std::string_view block = bytes_.substr(0, block_);
    bytes_.remove_prefix(block.size());
    return block;
  }

 private:
  std::string_view bytes_;
  std::size_t block_;
};

struct Input {
  std::string_view bytes;
  TextForm form;
  std::int64_t record_bytes_max;
  std::size_t block;

  Result<std::unique_ptr<RecordReader>> open() const {
    RecordWants wants;
    wants.names[static_cast<std::size_t>(Role::kAltText)] = {"text"};
    wants.names[static_cast<std::size_t>(Role::kImage)] = {"image"};
    wants.names[static_cast<std::size_t>(Role::kUid)] = {"uid"};
    return read_text_records(std::make_unique<MemoryBlocks>(bytes, block), "fuzzed", form, wants,
                             record_bytes_max);
  }
};

std::string shown(const std::optional<Record>& record) {
  if (!record) return "end";
  if (record->error) {
    KALE_CHECK(record->error->message.starts_with("fuzzed, line "), "an error names its line");
    return record->error->message;
  }
  return record->texts[static_cast<std::size_t>(Role::kAltText)].value_or("(none)");
}

void run(const Input& input) {
  auto reader = input.open();
  if (!reader) {
    KALE_CHECK(!reader.error().message.empty(), "a message for people");
    return;
  }
  std::vector<std::string> records;
  while (auto record = (*reader)->next().value()) records.push_back(shown(record));
  auto count = static_cast<std::int64_t>(records.size());
  auto lines = std::count(input.bytes.begin(), input.bytes.end(), '\n') + 1;
  KALE_CHECK(count <= lines, "a record takes a line");
  KALE_CHECK(input.open().value()->skip(count + 1).value() == count,
             "counting agrees with reading");
  for (std::int64_t first : {count / 3, count / 2, count}) {
    auto again = input.open().value();
    KALE_CHECK(again->skip(first).value() == first, "what was read can be passed over");
    bool ended = first == count;
    KALE_CHECK(
        shown(again->next().value()) == (ended ? "end" : records[static_cast<std::size_t>(first)]),
        "reading gives the same from wherever it starts");
  }
}

}  // namespace
}  // namespace kale

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < kale::kHead) return 0;
  constexpr std::array kForms{kale::TextForm::kCsv, kale::TextForm::kTsv,
                              kale::TextForm::kJsonLines, kale::TextForm::kPlaces};
  std::string_view bytes(reinterpret_cast<const char*>(data), size);
  kale::run({bytes.substr(kale::kHead), kForms[data[0] % kForms.size()], data[1] + std::int64_t{1},
             data[2] + std::size_t{1}});
  return 0;
}
