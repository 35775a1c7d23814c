#include "kale/train/data/pictures.h"

#include <fmt/format.h>

#include <utility>

namespace kale {

Result<Pictures> Pictures::make(const PictureConfig& config) {
  KALE_TRY(PictureDecoder decoder, PictureDecoder::make({}));
  return Pictures(std::move(decoder), config);
}

Result<std::vector<float>> Pictures::prepare(std::shared_ptr<const std::string> bytes) const {
  Row row;
  row.image_bytes = std::move(bytes);
  Outcome outcome = decoder_.decode(row);
  if (const auto* dropped = std::get_if<Dropped>(&outcome))
    return Error{Code::kCorrupt,
                 fmt::format("{} ({})", drop_name(dropped->reason), dropped->detail)};
  return prepare_picture(*row.pixels, config_).values;
}

}  // namespace kale
