#include "kale/fuse/fuse.h"

#include <fmt/format.h>

#include <tuple>

#include "kale/fuse/texts.h"
#include "kale/io/disk.h"
#include "kale/text/lists.h"
#include "kale/text/reply.h"
#include "kale/text/sentences.h"
#include "kale/text/utf8.h"
#include "kale/text/words.h"

namespace kale {
namespace {

constexpr std::int64_t kPromptBytesMax = 1 << 20;

void settle(Row& row, std::string caption, std::string_view by, std::int64_t kept,
            std::int64_t invented) {
  row.caption_fused = std::move(caption);
  row.fused_by = by;
  row.facts_kept = kept;
  row.facts_invented = invented;
}

Result<std::string> prompt_text(const FuseOptions& options, const BuildContext& build) {
  if (options.prompt == "capsfusion") return std::string(fuse_texts::capsfusion);
  if (options.prompt == "few_shot") return std::string(fuse_texts::few_shot);
  auto text = real_disk().read(build.resolve(options.prompt), kPromptBytesMax);
  if (!text)
    return Error{text.error().code,
                 fmt::format("fuse.prompt: {}; give few_shot, capsfusion or a file's path",
                             text.error().message)};
  if (!is_valid_utf8(*text))
    return Error{Code::kBadConfig,
                 fmt::format("fuse.prompt: {} is not UTF-8; save it as UTF-8", options.prompt)};
  return text;
}

}  // namespace

void FuseOptions::visit(OptionVisitor& visitor) {
  visitor.field({.name = "engine", .help = "who answers, by its name under engines"}, engine);
  visitor.field({.name = "prompt",
                 .help = "few_shot (small models), capsfusion (the paper's words), or a file",
                 .affects = Affects::kSpeedOnly},
                prompt);
  visitor.field({.name = "candidates",
                 .help = "replies to choose from, by facts kept and invented",
                 .min = 1,
                 .max = 64},
                candidates);
  visitor.field({.name = "temperature", .help = "of the first attempt", .min = 0, .max = 5},
                temperature);
  visitor.field({.name = "top_p", .help = "nucleus of the sampling", .min = 0.01, .max = 1}, top_p);
  visitor.field({.name = "retry_temperature",
                 .help = "of later rounds, and of rows that clean sent back",
                 .min = 0,
                 .max = 5},
                retry_temperature);
  visitor.field({.name = "rounds",
                 .help = "asks a row this often at most, while no candidate passes",
                 .min = 1,
                 .max = 8},
                rounds);
  visitor.field(
      {.name = "new_tokens_max", .help = "longest reply, in engine tokens", .min = 8, .max = 4096},
      new_tokens_max);
  visitor.field({.name = "alt_text_words_max",
                 .help = "the alt-text's tail beyond it is cut, in words",
                 .min = 1,
                 .max = 10000},
                alt_text_words_max);
  visitor.field({.name = "facts_share_min",
                 .help = "least share of the alt-text's facts that a candidate must keep",
                 .min = 0,
                 .max = 1},
                facts_share_min);
  visitor.field({.name = "dense_share_min",
                 .help = "least share of the dense caption's content words it must keep",
                 .min = 0,
                 .max = 1},
                dense_share_min);
  visitor.field({.name = "novel_share_max",
                 .help = "largest share of content words that stand in neither source",
                 .min = 0,
                 .max = 1},
                novel_share_max);
}

StepTraits Fuse::traits() const {
  return {.name = "fuse",
          .reads = {Column::kAltText, Column::kCaptionDense},
          .writes = {Column::kCaptionFused, Column::kFusedBy, Column::kFactsKept,
                     Column::kFactsInvented},
          .revision = 2,
          .texts = parts_.texts,
          .engines = {&engine_}};
}

Decoding Fuse::decoding(int tries) const {
  const FuseOptions& options = parts_.options;
  Decoding decoding{.new_tokens_max = static_cast<int>(options.new_tokens_max),
                    .temperature = tries == 0 ? options.temperature : options.retry_temperature,
                    .top_p = options.top_p,
                    .candidates = static_cast<int>(options.candidates)};
  // One sentence is asked for, and a reply's first newline has ended it.
  if (parts_.prompt.takes_first_sentence()) decoding.stop = {"\n"};
  return decoding;
}

std::pair<std::string, Score> Fuse::best(const Reply& reply, const AltText& alt,
                                         const DenseParts& dense) const {
  std::pair<std::string, Score> winner;
  for (const Choice& choice : reply.choices) {
    std::string text = tidy_reply(choice);
    if (reply_flaw(text, parts_.prompt.instructions(), alt.text) != ReplyFlaw::kNone) continue;
    if (parts_.prompt.takes_first_sentence())
      text = without_added_background(sentences(text).front(), dense);
    const Score score = parts_.scorer.score(text, alt, dense.first);
    if (score.verdict != Verdict::kPasses) continue;
    if (winner.first.empty() || score.value > winner.second.value) winner = {text, score};
  }
  if (winner.first.empty()) return winner;
  winner.first = with_others(winner.first, dense, alt.text);
  if (!alt.statements.empty()) winner.first += " " + alt.statements;
  return winner;
}

Task<Outcome> Fuse::apply(Row& row, Context& ctx) {
  if (trim(row.caption_dense).empty())
    co_return Dropped{Drop::kEmptyReply, "there is no dense caption to fuse"};
  const bool first_sentence = parts_.prompt.takes_first_sentence();
  const auto& rules = parts_.alt_text_rules;
  const std::int64_t words_max = parts_.options.alt_text_words_max;
  const AltText whole = rules.prepare(row.alt_text, words_max);
  const AltText alt = first_sentence ? rules.prepare(row.alt_text, words_max, true) : whole;
  if (alt.text.empty()) {
    settle(row, row.caption_dense, "no_facts", 0, 0);
    co_return On{};
  }
  DenseParts dense{row.caption_dense, "", ""};
  if (first_sentence)
    dense = split_dense(row.caption_dense, parts_.scorer.hedges(), parts_.setting);
  std::string caption;
  Score score;
  for (int round = 0; round < parts_.options.rounds && caption.empty(); ++round) {
    if (round == 1 && first_sentence) dense = plainer(dense);
    Prompt prompt = parts_.prompt.fill(alt.text, dense.first);
    Decoding how = decoding(ctx.attempt() + round);
    auto reply = co_await ctx.ask(engine_, std::move(prompt), std::move(how));
    if (!reply) co_return Failed{std::move(reply).error()};
    std::tie(caption, score) = best(*reply, alt, dense);
  }
  const bool fused = !caption.empty();
  if (!fused) caption = row.caption_dense;
  const std::int64_t kept = alt_facts_kept(whole, caption);
  settle(row, std::move(caption), fused ? "llm" : "no_candidate", kept,
         fused ? score.facts_invented : 0);
  co_return On{};
}

Result<std::unique_ptr<Step>> make_fuse(FuseOptions options, const BuildContext& build) {
  KALE_TRY(std::string text, prompt_text(options, build));
  KALE_TRY(auto prompt, FusePrompt::parse(text));
  KALE_TRY(auto rules,
           AltTextRules::parse(fuse_texts::empty_alt_text, fuse_texts::instruction_alt_text));
  KALE_TRY(Engine * engine, build.engine(options.engine));
  const ScoreLimits limits{options.facts_share_min, options.dense_share_min,
                           options.novel_share_max};
  std::vector<std::string> texts = {std::move(text),
                                    std::string(fuse_texts::empty_alt_text),
                                    std::string(fuse_texts::instruction_alt_text),
                                    std::string(fuse_texts::hedges),
                                    std::string(fuse_texts::frame_words),
                                    std::string(fuse_texts::setting_words)};
  Scorer scorer(fuse_texts::hedges, fuse_texts::frame_words, limits, prompt.examples());
  std::set<std::string> setting;
  for (const std::string_view list : {fuse_texts::setting_words, fuse_texts::frame_words})
    for (const auto& line : list_lines(list)) setting.merge(stems(line));
  auto step =
      std::make_unique<Fuse>(Fuse::Parts{std::move(options), std::move(prompt), std::move(rules),
                                         std::move(scorer), std::move(setting), std::move(texts)},
                             *engine);
  return Result<std::unique_ptr<Step>>(std::move(step));
}

}  // namespace kale
