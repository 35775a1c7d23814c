#include "kale/describe/describe.h"

#include <fmt/format.h>

#include <utility>

#include "kale/describe/check.h"
#include "kale/describe/class_groups.h"
#include "kale/describe/describe_vlm.h"
#include "kale/describe/facts.h"
#include "kale/describe/mend.h"
#include "kale/describe/plan.h"
#include "kale/describe/prompt.h"
#include "kale/describe/texts.h"
#include "kale/describe/wording.h"
#include "kale/io/disk.h"
#include "kale/text/reply.h"

namespace kale {
namespace {

using describe::Plan;

constexpr std::int64_t kTextFileBytesMax = 1 << 20;

class DescribeFacts : public Step {
 public:
  DescribeFacts(DescribeOptions options, Engine& engine, describe::ClassGroups groups,
                describe::Wording wording, std::vector<Message> examples,
                std::vector<std::string> texts)
      : options_(std::move(options)),
        engine_(engine),
        groups_(std::move(groups)),
        wording_(std::move(wording)),
        examples_(std::move(examples)),
        texts_(std::move(texts)) {}

  StepTraits traits() const override {
    return {.name = "describe",
            .reads = {Column::kFacts, Column::kOcrText},
            .writes = {Column::kCaptionDense, Column::kDescribedBy},
            .revision = 2,
            .texts = texts_,
            .engines = {&engine_}};
  }

  Task<Outcome> apply(Row& row, Context& ctx) override {
    auto facts = describe::parse_facts(row.facts);
    if (!facts) co_return Failed{std::move(facts).error()};
    Plan plan =
        describe::make_plan(*facts, row.ocr_text, groups_, {options_.sure, options_.unsure});
    Rng rng = ctx.rng();
    describe::Slots slots = describe::worded_slots(plan, wording_, rng);
    Prompt prompt = prompt_for(slots, rng);
    Decoding decoding = decoding_from_options();
    auto reply = co_await ctx.ask(engine_, std::move(prompt), std::move(decoding));
    if (!reply) co_return Failed{std::move(reply).error()};
    row.caption_dense = best_candidate(*reply, plan, slots.at("subject"));
    row.described_by = "facts";
    if (row.caption_dense.empty()) {
      row.caption_dense = describe::realise(plan, wording_, rng);
      row.described_by = "template";
    }
    co_return On{};
  }

 private:
  Prompt prompt_for(const describe::Slots& slots, Rng& rng) const {
    Prompt prompt;
    prompt.messages = examples_;
    prompt.shared_messages = static_cast<int>(examples_.size());
    // What was read in the picture must not end its turn or open another.
    prompt.messages.push_back(
        {"user", without_template_tokens(describe::notes(wording_, slots, rng))});
    return prompt;
  }

  Decoding decoding_from_options() const {
    Decoding decoding;
    decoding.new_tokens_max = static_cast<int>(options_.new_tokens_max);
    decoding.temperature = options_.temperature;
    decoding.top_p = 0.95;
    decoding.candidates = static_cast<int>(options_.candidates);
    decoding.stop = {"\n\n"};
    return decoding;
  }

  // Empty where none passes the check.
  std::string best_candidate(const Reply& reply, const Plan& plan,
                             const std::string& subject) const {
    std::string best;
    double best_score = 0;
    for (const Choice& choice : reply.choices) {
      std::string caption = describe::restore_hedge(tidy_reply(choice), plan, wording_, subject);
      caption = describe::drop_second_background(describe::part_splices(caption, plan));
      describe::Verdict verdict = describe::check_caption(caption, plan, wording_);
      if (!verdict.passed || (!best.empty() && verdict.score <= best_score)) continue;
      best = std::move(caption);
      best_score = verdict.score;
    }
    return best;
  }

  DescribeOptions options_;
  Engine& engine_;
  describe::ClassGroups groups_;
  describe::Wording wording_;
  std::vector<Message> examples_;
  std::vector<std::string> texts_;
};

// The file at `path`, or the text that is built in where no path is given.
Result<std::string> text_or_built_in(const std::string& path, std::string_view built_in,
                                     const BuildContext& build) {
  if (path.empty()) return std::string(built_in);
  return real_disk().read(build.resolve(path), kTextFileBytesMax);
}

}  // namespace

void DescribeOptions::visit(OptionVisitor& v) {
  v.field({.name = "engine", .help = "who writes the captions: a name under engines:"}, engine);
  v.field({.name = "source",
           .help = "what is described: facts (measured by see and read), or the pixels, by a vlm "
                   "(told what to write) or a student of kale train (shown the picture alone)",
           .choices = {"facts", "vlm", "student"}},
          source);
  v.field({.name = "image",
           .help = "what a model that sees is sent: pixels, or the picture's url, which its "
                   "server fetches",
           .choices = {"pixels", "url"}},
          image);
  v.field({.name = "candidates", .help = "replies to choose from (facts)", .min = 1, .max = 32},
          candidates);
  v.field({.name = "temperature", .help = "0 is greedy", .min = 0, .max = 2}, temperature);
  v.field({.name = "new_tokens_max", .help = "longest reply, in tokens", .min = 8, .max = 4096},
          new_tokens_max);
  v.field({.name = "sure",
           .help = "class probability from which a name is stated without a hedge",
           .min = 0,
           .max = 1},
          sure);
  v.field({.name = "unsure",
           .help = "class probability from which a name is given with a hedge; below, none is",
           .min = 0,
           .max = 1},
          unsure);
  v.field({.name = "prompt",
           .help = "file with the prompt in place of the built-in one (describe/prompts)",
           .affects = Affects::kSpeedOnly},
          prompt);
  v.field({.name = "wording",
           .help = "file with the words for facts in place of describe/prompts/wording.txt",
           .affects = Affects::kSpeedOnly},
          wording);
}

Result<std::unique_ptr<Step>> make_describe(DescribeOptions options, const BuildContext& build) {
  KALE_TRY(Engine * engine, build.engine(options.engine));
  if (options.source == "vlm") {
    KALE_TRY(std::string text, text_or_built_in(options.prompt, describe_texts::vlm, build));
    return describe::make_describe_vlm(std::move(options), *engine, std::move(text));
  }
  if (options.source == "student")
    return describe::make_describe_student(std::move(options), *engine);
  if (options.unsure > options.sure)
    return Error{Code::kBadConfig,
                 fmt::format("describe: unsure ({}) is above sure ({}); lower unsure",
                             options.unsure, options.sure)};
  KALE_TRY(std::string examples_text,
           text_or_built_in(options.prompt, describe_texts::examples, build));
  KALE_TRY(std::string wording_text,
           text_or_built_in(options.wording, describe_texts::wording, build));
  KALE_TRY(auto examples, describe::parse_turns(examples_text));
  KALE_TRY(auto wording, describe::Wording::parse(wording_text));
  KALE_TRY(auto groups, describe::ClassGroups::parse(describe_texts::class_groups));
  std::vector<std::string> texts{std::move(examples_text), std::move(wording_text),
                                 std::string(describe_texts::class_groups)};
  return std::unique_ptr<Step>(
      std::make_unique<DescribeFacts>(std::move(options), *engine, std::move(groups),
                                      std::move(wording), std::move(examples), std::move(texts)));
}

}  // namespace kale
