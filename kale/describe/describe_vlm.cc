#include "kale/describe/describe_vlm.h"

#include <fmt/format.h>

#include <utility>

#include "kale/text/reply.h"
#include "kale/text/utf8.h"

namespace kale::describe {
namespace {

class DescribePixels : public Step {
 public:
  DescribePixels(DescribeOptions options, Engine& engine, std::string instruction)
      : options_(std::move(options)),
        engine_(engine),
        instruction_(std::move(instruction)),
        sends_url_(options_.image == "url") {}

  StepTraits traits() const override {
    return {.name = "describe",
            .reads = {sends_url_ ? Column::kUrl : Column::kPixels},
            .writes = {Column::kCaptionDense, Column::kDescribedBy},
            .revision = 2,
            .texts = {instruction_},
            .engines = {&engine_}};
  }

  Task<Outcome> apply(Row& row, Context& ctx) override {
    Prompt prompt;
    prompt.messages.push_back({"user", instruction_});
    if (!sends_url_) {
      prompt.images.push_back(row.pixels);
    } else if (row.url.empty()) {
      co_return Dropped{Drop::kNoImage, "the row has no URL"};
    } else {
      prompt.image_urls.push_back(row.url);
    }
    Decoding decoding;
    decoding.new_tokens_max = static_cast<int>(options_.new_tokens_max);
    decoding.temperature = options_.temperature;
    auto reply = co_await ctx.ask(engine_, std::move(prompt), std::move(decoding));
    if (!reply) co_return Failed{std::move(reply).error()};
    std::string caption = tidy_reply(reply->choices[0]);
    const ReplyFlaw flaw = reply_flaw(caption, {instruction_});
    if (flaw != ReplyFlaw::kNone) co_return Dropped{drop_for(flaw), caption};
    row.caption_dense = std::move(caption);
    row.described_by = options_.source;
    co_return On{};
  }

 private:
  DescribeOptions options_;
  Engine& engine_;
  std::string instruction_;
  const bool sends_url_;
};

Status check_engine(const DescribeOptions& options, const Engine& engine) {
  if (!engine.traits().sees_images)
    return Error{Code::kBadConfig,
                 fmt::format("describe: engine \"{}\" sees no images; name a VLM (kind: llama "
                             "with mmproj, for the engine llm --mmproj FILE; kind: http with "
                             "sees_images), or set describe.source to facts",
                             options.engine)};
  if (options.image == "url" && !engine.traits().fetches_urls)
    return Error{Code::kBadConfig,
                 fmt::format("describe: engine \"{}\" fetches no pictures by URL; set its option "
                             "image_url to url (kind: http), or describe.image to pixels",
                             options.engine)};
  return {};
}

}  // namespace

Result<std::unique_ptr<Step>> make_describe_vlm(DescribeOptions options, Engine& engine,
                                                std::string instruction) {
  KALE_OK(check_engine(options, engine));
  instruction = std::string(trim(instruction));
  if (instruction.empty())
    return Error{Code::kBadConfig, "describe: the prompt is empty; say what the VLM should do"};
  return std::unique_ptr<Step>(
      std::make_unique<DescribePixels>(std::move(options), engine, std::move(instruction)));
}

Result<std::unique_ptr<Step>> make_describe_student(DescribeOptions options, Engine& engine) {
  KALE_OK(check_engine(options, engine));
  if (!options.prompt.empty())
    return Error{Code::kBadConfig,
                 "describe: a student learnt no instructions and is shown the picture alone; leave "
                 "out describe.prompt, or set describe.source to vlm"};
  return std::unique_ptr<Step>(
      std::make_unique<DescribePixels>(std::move(options), engine, std::string()));
}

}  // namespace kale::describe
