#include "kale/clean/clean.h"

#include <fmt/format.h>

#include "kale/clean/texts.h"
#include "kale/io/disk.h"
#include "kale/text/utf8.h"

namespace kale {
namespace {

constexpr std::int64_t kListBytesMax = 1 << 20;

std::string reason(const Cleaned& cleaned) {
  if (cleaned.flaw != ReplyFlaw::kNone)
    return fmt::format("the caption is unusable: {}", reply_flaw_name(cleaned.flaw));
  return fmt::format("every sentence leaks the prompt (first: \"{}\")", cleaned.leaked);
}

void settle(Row& row, Cleaned cleaned, std::string_view by) {
  row.caption = std::move(cleaned.text);
  row.sentences_removed = cleaned.sentences_removed;
  row.cleaned_by = by;
}

}  // namespace

Clean::Clean(std::string word_list, Place place)
    : word_list_(std::move(word_list)), place_(place), words_(word_list_) {}

StepTraits Clean::traits() const {
  Columns reads{Column::kCaptionFused, Column::kAltText};
  if (place_.has_dense) reads |= Columns{Column::kCaptionDense};
  std::vector<std::string_view> retries;
  if (!place_.writer.empty()) retries.push_back(place_.writer);
  return {.name = "clean",
          .reads = reads,
          .writes = {Column::kCaption, Column::kCleanedBy, Column::kSentencesRemoved},
          .revision = 2,
          .texts = {word_list_},
          .retries = std::move(retries)};
}

Task<Outcome> Clean::apply(Row& row, Context& ctx) {
  Cleaned fused = clean_caption(row.caption_fused, row.alt_text, words_);
  if (!fused.text.empty()) {
    const bool as_is = fused.sentences_removed == 0;
    settle(row, std::move(fused), as_is ? "as_is" : "sentences_removed");
    co_return On{};
  }
  // Where fuse fell back to the dense caption, asking it again is no cure for that caption.
  const bool is_dense = place_.has_dense && row.caption_fused == row.caption_dense;
  if (!ctx.last_attempt() && !place_.writer.empty() && !is_dense)
    co_return Retry{place_.writer, reason(fused)};
  Cleaned dense = std::move(fused);
  if (place_.has_dense) dense = clean_caption(row.caption_dense, row.alt_text, words_);
  if (!dense.text.empty()) {
    settle(row, std::move(dense), "dense");
    co_return On{};
  }
  if (dense.flaw == ReplyFlaw::kNone) co_return Dropped{Drop::kNothingLeft, reason(dense)};
  co_return Dropped{drop_for(dense.flaw), reason(dense)};
}

Result<std::unique_ptr<Step>> make_clean(CleanOptions options, const BuildContext& build) {
  std::string list(clean_texts::artifact_words);
  if (!options.artifact_words.empty()) {
    KALE_TRY(list, real_disk().read(build.resolve(options.artifact_words), kListBytesMax));
    if (!is_valid_utf8(list))
      return Error{Code::kBadConfig,
                   fmt::format("clean.artifact_words: {} is not UTF-8; save it as UTF-8",
                               options.artifact_words)};
  }
  const bool has_dense = build.provided.has(Column::kCaptionDense) ||
                         !build.step_writing(Column::kCaptionDense).empty();
  auto step = std::make_unique<Clean>(
      std::move(list), Clean::Place{build.step_writing(Column::kCaptionFused), has_dense});
  return Result<std::unique_ptr<Step>>(std::move(step));
}

}  // namespace kale
