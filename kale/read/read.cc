#include "kale/read/read.h"

#include <utility>

#include "kale/read/words.h"

namespace kale {
namespace {

class Read : public Step {
 public:
  Read(WordRules rules, Engine& ocr) : rules_(rules), ocr_(ocr) {}

  StepTraits traits() const override {
    return {.name = "read",
            .reads = {Column::kPixels},
            .writes = {Column::kOcrText, Column::kOcrWords, Column::kTextDensity},
            .engines = {&ocr_}};
  }

  Task<Outcome> apply(Row& row, Context& ctx) override {
    KALE_CHECK(row.pixels != nullptr, "read is handed pixels");
    Prompt prompt;
    prompt.images.push_back(row.pixels);
    Decoding decoding;
    auto reply = co_await ctx.ask(ocr_, std::move(prompt), std::move(decoding));
    if (!reply) co_return Failed{std::move(reply).error()};
    auto seen = parse_ocr_words(reply->choices.front().text);
    if (!seen) {
      co_return Failed{Error{Code::kCorrupt, ocr_.traits().id +
                                                 " does not answer with words; name an OCR "
                                                 "engine in read.engine"}};
    }
    auto words = keep_words(std::move(*seen), rules_);
    row.ocr_text = join_words(words);
    row.ocr_words = ocr_words_json(words);
    row.text_density = text_density_of(words);
    co_return On{};
  }

 private:
  WordRules rules_;
  Engine& ocr_;
};

}  // namespace

Result<std::unique_ptr<Step>> make_read(ReadOptions options, const BuildContext& build) {
  KALE_TRY(Engine * ocr, build.engine(options.engine));
  WordRules rules{.confidence_min = options.confidence_min,
                  .short_confidence_min = options.short_confidence_min,
                  .height_min = options.height_min};
  return std::unique_ptr<Step>(std::make_unique<Read>(rules, *ocr));
}

}  // namespace kale
