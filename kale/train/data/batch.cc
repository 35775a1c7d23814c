#include "kale/train/data/batch.h"

#include <algorithm>
#include <utility>

#include "kale/core/check.h"

namespace kale {

void BatchMaker::add(const Example& example, std::span<const float> planes) {
  KALE_CHECK(std::ssize(planes) == 3 * batch_.side * batch_.side,
             "pictures are squares of one side");
  batch_.pixels.insert(batch_.pixels.end(), planes.begin(), planes.end());
  batch_.length = std::max(batch_.length, std::ssize(example.tokens));
  examples_.push_back(&example);
}

void BatchMaker::leave_out(std::string why) {
  if (batch_.unreadable++ == 0) batch_.first_unreadable = std::move(why);
}

Batch BatchMaker::finish() && {
  batch_.rows = std::ssize(examples_);
  const auto cells = static_cast<std::size_t>(batch_.rows * batch_.length);
  batch_.tokens.assign(cells, padding_);
  batch_.labels.assign(cells, kNoLabel);
  for (std::size_t i = 0; i < examples_.size(); ++i) {
    const Example& example = *examples_[i];
    const auto at = static_cast<std::ptrdiff_t>(i) * batch_.length;
    std::copy(example.tokens.begin(), example.tokens.end(), batch_.tokens.begin() + at);
    std::copy(example.tokens.begin() + example.prompt, example.tokens.end(),
              batch_.labels.begin() + at + example.prompt);
    batch_.labelled += std::ssize(example.tokens) - example.prompt;
  }
  return std::move(batch_);
}

}  // namespace kale
