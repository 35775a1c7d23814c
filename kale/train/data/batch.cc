#include "kale/train/data/batch.h"

#include <algorithm>
#include <utility>

namespace kale {

void BatchMaker::add(const Sample& sample, std::span<const float> planes) {
  batch_.pixels.insert(batch_.pixels.end(), planes.begin(), planes.end());
  batch_.length = std::max(batch_.length, std::ssize(sample.tokens));
  samples_.push_back(&sample);
}

void BatchMaker::leave_out(std::string why) {
  if (batch_.unreadable++ == 0) batch_.first_unreadable = std::move(why);
}

Batch BatchMaker::finish() && {
  batch_.rows = std::ssize(samples_);
  const auto cells = static_cast<std::size_t>(batch_.rows * batch_.length);
  batch_.tokens.assign(cells, padding_);
  batch_.labels.assign(cells, kNoLabel);
  for (std::size_t i = 0; i < samples_.size(); ++i) {
    const Sample& sample = *samples_[i];
    const auto at = static_cast<std::ptrdiff_t>(i) * batch_.length;
    std::copy(sample.tokens.begin(), sample.tokens.end(), batch_.tokens.begin() + at);
    std::copy(sample.tokens.begin() + sample.prompt, sample.tokens.end(),
              batch_.labels.begin() + at + sample.prompt);
    batch_.labelled += std::ssize(sample.tokens) - sample.prompt;
  }
  return std::move(batch_);
}

}  // namespace kale
