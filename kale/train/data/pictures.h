// Encoded pictures as a tower takes them: decoded within kale's limits, then padded, resized and
// normalised as the student's preprocessor_config.json says.
// Errors   kCorrupt where a picture does not decode; kBadConfig where libvips lacks a loader
// Threads  prepare() is safe from many threads
// Units    planes [3, side, side]
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "kale/decode/decode.h"
#include "kale/networks/picture.h"

namespace kale {

class Pictures {
 public:
  static Result<Pictures> make(const PictureConfig& config);
  Result<std::vector<float>> prepare(std::shared_ptr<const std::string> bytes) const;
  std::int64_t side() const { return config_.crop ? config_.crop_width : config_.width; }

 private:
  Pictures(PictureDecoder decoder, PictureConfig config)
      : decoder_(std::move(decoder)), config_(config) {}

  PictureDecoder decoder_;
  PictureConfig config_;
};

}  // namespace kale
