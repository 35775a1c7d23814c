#include "kale/sources/samples.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "kale/core/ascii.h"
#include "kale/sources/checks.h"

namespace kale {
namespace {

// Where the name's field begins, or npos where it is no part of a sample.
std::size_t dot_of(std::string_view name) {
  if (name.starts_with("__") && name.ends_with("__") && name.find('/') == std::string_view::npos)
    return std::string_view::npos;
  std::size_t slash = name.rfind('/');
  std::size_t base = slash == std::string_view::npos ? 0 : slash + 1;
  std::size_t dot = name.find('.', base);
  return dot == base ? std::string_view::npos : dot;
}

bool is_failed(const Sample& sample) { return std::holds_alternative<Failed>(sample.outcome); }

}  // namespace

Status SampleReader::look_ahead() {
  ahead_.reset();
  while (!ended_) {
    auto member = tar_.next();
    if (!member) {
      if (member.error().code != Code::kCorrupt) return std::move(member).error();
      torn_ = std::move(member).error();
      ended_ = true;
    } else if (!member->has_value()) {
      ended_ = true;
    } else if (std::size_t dot = dot_of((*member)->name);
               (*member)->is_file && dot != std::string_view::npos) {
      std::string& name = (*member)->name;
      ahead_ = Member{name, name.substr(0, dot),
                      lower_ascii(std::string_view(name).substr(dot + 1)), (*member)->bytes};
      return {};
    }
  }
  return {};
}

Result<std::optional<Sample>> SampleReader::next(SampleWants wants) {
  if (!ahead_ && !ended_) KALE_OK(look_ahead());
  if (!ahead_ && !torn_) return std::optional<Sample>();
  Sample sample;
  if (!ahead_) {
    sample.outcome = Failed{*std::exchange(torn_, std::nullopt)};
    return std::optional(std::move(sample));
  }
  sample.key = ahead_->key;
  seen_.clear();
  best_picture_ = fields_.pictures.size();
  while (ahead_ && ahead_->key == sample.key) {
    KALE_OK(take(sample, wants));
    KALE_OK(look_ahead());
  }
  return std::optional(std::move(sample));
}

// Whoever only counts passes over the very bytes that another reads, and so meets the same ends.
Status SampleReader::take(Sample& sample, SampleWants wants) {
  const Member& member = *ahead_;
  Use use = Use::kNone;
  if (!seen_.insert(member.field).second) {
    sample.outcome = Failed{{Code::kCorrupt, fmt::format("{}: sample {} has field {} twice",
                                                         shown_name_, sample.key, member.field)}};
  } else if (seen_.size() > kSampleFieldsMax) {
    seen_.erase(member.field);
    sample.outcome = Failed{{Code::kLimit, fmt::format("{}: sample {} has more than {} fields",
                                                       shown_name_, sample.key, kSampleFieldsMax)}};
  } else {
    use = use_of(member.field, member.bytes, sample);
  }
  bool wanted = use == Use::kPicture ? wants.picture : use != Use::kNone && wants.texts;
  if (wanted && !is_failed(sample)) {
    auto bytes = tar_.read(std::max(fields_.picture_bytes_max, fields_.text_bytes_max));
    if (bytes)
      put(use, std::move(bytes).value(), sample);
    else if (bytes.error().code != Code::kCorrupt)
      return std::move(bytes).error();
    else
      sample.outcome = Failed{std::move(bytes).error()};
  }
  Status skipped = tar_.skip();
  if (skipped) return {};
  if (skipped.error().code != Code::kCorrupt) return skipped;
  sample.outcome = Failed{skipped.error()};
  ended_ = true;
  return {};
}

// A picture that is worse than one the sample has is not read.
SampleReader::Use SampleReader::use_of(const std::string& field, std::int64_t bytes,
                                       Sample& sample) {
  auto rank =
      static_cast<std::size_t>(std::find(fields_.pictures.begin(), fields_.pictures.end(), field) -
                               fields_.pictures.begin());
  Use use = field == fields_.text            ? Use::kText
            : field == fields_.json          ? Use::kJson
            : rank < fields_.pictures.size() ? Use::kPicture
                                             : Use::kNone;
  if (use == Use::kNone) return use;
  sample.bytes += bytes;
  if (use == Use::kPicture) {
    if (rank >= best_picture_) return Use::kNone;
    best_picture_ = rank;
    sample.picture = ahead_->name;
    sample.picture_bytes.reset();
  }
  std::int64_t bytes_max =
      use == Use::kPicture ? fields_.picture_bytes_max : fields_.text_bytes_max;
  if (bytes <= bytes_max) return use;
  Dropped dropped = too_many_bytes(bytes, bytes_max);
  dropped.detail = fmt::format("{}: {}", ahead_->name, dropped.detail);
  if (!is_failed(sample)) sample.outcome = std::move(dropped);
  return Use::kNone;
}

void SampleReader::put(Use use, std::string bytes, Sample& sample) {
  if (use == Use::kPicture)
    sample.picture_bytes = std::make_shared<const std::string>(std::move(bytes));
  else if (use == Use::kText)
    sample.text = std::move(bytes);
  else
    sample.json = std::move(bytes);
}

}  // namespace kale
