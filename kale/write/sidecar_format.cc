// captions/birds/auk.txt for the picture birds/auk.png: for trainers that take a text of the same
// name beside each picture.
#include <algorithm>

#include "kale/write/format.h"
#include "kale/write/loose_files.h"

namespace kale {
namespace {

class SidecarFormat : public FormatWriter {
 public:
  explicit SidecarFormat(const FormatWork& work) : files_(work.disk, work.folder) {}

  Status add(const PublishedRow& published) override {
    const Row& row = published.row;
    std::string text = row.caption;  // such trainers read the first line only
    std::replace_if(
        text.begin(), text.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
    const std::string stem = safe_path(without_ending(row.path));
    KALE_TRY([[maybe_unused]] auto name, files_.write(stem, ".txt", row.key, text + "\n"));
    return {};
  }

  Result<FormatFiles> finish() override { return FormatFiles{{}, files_.files(), files_.bytes()}; }

 private:
  LooseFiles files_;
};

}  // namespace

Result<std::unique_ptr<FormatWriter>> make_sidecar_format(const FormatWork& work) {
  return std::unique_ptr<FormatWriter>(std::make_unique<SidecarFormat>(work));
}

}  // namespace kale
