#include "kale/train/data/pictures.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace kale {

Result<Pictures> Pictures::make(const PictureConfig& config) {
  DecodeOptions options;  // as the step decode has them; no smaller than the tower sees
  const std::int64_t side = std::max(config.crop_width, config.width);
  options.side_px_max = std::max(options.side_px_max, side);
  KALE_TRY(PictureDecoder decoder, PictureDecoder::make(std::move(options)));
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
