#include "kale/caption/caption.h"

#include <fmt/format.h>

#include <utility>
#include <vector>

#include "kale/text/alt_text.h"
#include "kale/text/reply.h"
#include "kale/text/texts.h"

namespace kale {
namespace {

constexpr std::string_view kSlot = "{alt_text}";

// A message around the alt-text, or without it.
struct CaptionPrompt {
  std::string before, after;
  bool shows_alt_text = false;

  static Result<CaptionPrompt> parse(const std::string& text) {
    const std::size_t at = text.find(kSlot);
    CaptionPrompt prompt{.before = text.substr(0, at)};
    prompt.shows_alt_text = at != std::string::npos;
    if (prompt.shows_alt_text) prompt.after = text.substr(at + kSlot.size());
    for (const std::string& part : {prompt.before, prompt.after})
      if (part.find_first_of("{}") != std::string::npos)
        return Error{Code::kBadConfig,
                     fmt::format("caption.prompt: \"{}\" has a brace besides {}, which may stand "
                                 "once; there are no other slots",
                                 text, kSlot)};
    return prompt;
  }
  std::string fill(const std::string& alt_text) const {
    return shows_alt_text ? before + alt_text + after : before;
  }
};

class Caption : public Step {
 public:
  Caption(CaptionOptions options, CaptionPrompt prompt, AltTextRules rules, Engine& engine)
      : options_(std::move(options)),
        prompt_(std::move(prompt)),
        rules_(std::move(rules)),
        engine_(engine) {}

  StepTraits traits() const override {
    return {.name = "caption",
            .reads = {Column::kAltText, Column::kPixels},
            .writes = {Column::kCaptionFused, Column::kFusedBy, Column::kFactsKept,
                       Column::kFactsInvented},
            .texts = {options_.prompt, std::string(text_texts::empty_alt_text),
                      std::string(text_texts::instruction_alt_text)},
            .engines = {&engine_}};
  }

  Task<Outcome> apply(Row& row, Context& ctx) override {
    const std::string shown = shown_alt_text(row.alt_text, options_.alt_text_chars_max);
    std::string caption;
    ReplyFlaw flaw = ReplyFlaw::kEmpty;
    for (int round = 0; round < options_.rounds && flaw != ReplyFlaw::kNone; ++round) {
      Prompt prompt;
      prompt.messages.push_back({"user", prompt_.fill(shown)});
      prompt.images.push_back(row.pixels);
      Decoding how = decoding(ctx.attempt() + round);
      auto reply = co_await ctx.ask(engine_, std::move(prompt), std::move(how));
      if (!reply) co_return Failed{std::move(reply).error()};
      caption = tidy_reply(reply->choices[0]);
      flaw = reply_flaw(caption, {prompt_.before, prompt_.after}, shown);
    }
    if (flaw != ReplyFlaw::kNone) co_return Dropped{drop_for(flaw), caption};
    // As many words as characters are no limit: what was shown is counted whole.
    const AltText told = rules_.prepare(shown, options_.alt_text_chars_max);
    const FactCounts facts = count_facts(told, caption, {});
    row.caption_fused = std::move(caption);
    row.fused_by = "student";
    row.facts_kept = facts.kept;
    row.facts_invented = facts.invented;
    co_return On{};
  }

 private:
  Decoding decoding(int tries) const {
    Decoding how;
    how.new_tokens_max = static_cast<int>(options_.new_tokens_max);
    how.temperature = tries == 0 ? options_.temperature : options_.retry_temperature;
    return how;
  }

  CaptionOptions options_;
  CaptionPrompt prompt_;
  AltTextRules rules_;
  Engine& engine_;
};

}  // namespace

void CaptionOptions::visit(OptionVisitor& v) {
  v.field({.name = "engine", .help = "who sees and writes: a name under engines:"}, engine);
  v.field({.name = "prompt",
           .help = "the message beside the picture, {alt_text} where the alt-text stands"},
          prompt);
  v.field({.name = "alt_text_chars_max",
           .help = "the alt-text's tail beyond it is cut between words, in characters",
           .min = 1,
           .max = 100'000},
          alt_text_chars_max);
  v.field({.name = "new_tokens_max",
           .help = "longest reply, in engine tokens; a sentence that it cuts is left out",
           .min = 8,
           .max = 4096},
          new_tokens_max);
  v.field({.name = "temperature", .help = "0 is greedy", .min = 0, .max = 5}, temperature);
  v.field({.name = "retry_temperature",
           .help = "of later rounds, and of rows that clean sent back",
           .min = 0,
           .max = 5},
          retry_temperature);
  v.field({.name = "rounds",
           .help = "asks a row this often at most, while the reply is empty, a refusal, an echo or "
                   "a loop; then the row is dropped for that",
           .min = 1,
           .max = 8},
          rounds);
}

Result<std::unique_ptr<Step>> make_caption(CaptionOptions options, const BuildContext& build) {
  KALE_TRY(auto prompt, CaptionPrompt::parse(options.prompt));
  KALE_TRY(auto rules,
           AltTextRules::parse(text_texts::empty_alt_text, text_texts::instruction_alt_text));
  KALE_TRY(Engine * engine, build.engine(options.engine));
  if (!engine->traits().sees_images)
    return Error{Code::kBadConfig,
                 fmt::format("caption: engine \"{}\" sees no images; name one that does (kind: "
                             "llama with mmproj, for the engine llm --mmproj FILE; kind: http "
                             "with sees_images)",
                             options.engine)};
  auto step =
      std::make_unique<Caption>(std::move(options), std::move(prompt), std::move(rules), *engine);
  return Result<std::unique_ptr<Step>>(std::move(step));
}

}  // namespace kale
