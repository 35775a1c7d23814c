#include "kale/fuse/fuse.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include "kale/fuse/subject.h"
#include "kale/fuse/texts.h"
#include "kale/fuse/title.h"
#include "kale/fuse/word_use.h"
#include "kale/io/disk.h"
#include "kale/text/reply.h"
#include "kale/text/sentences.h"
#include "kale/text/texts.h"
#include "kale/text/utf8.h"
#include "kale/text/words.h"

namespace kale {
namespace {

constexpr std::int64_t kPromptBytesMax = 1 << 20;
constexpr std::size_t kPlainTitleWords = 8;
constexpr double kContinuedDenseShareMin = 0.75;

void settle(Row& row, std::string caption, std::string_view by, FactCounts facts) {
  row.caption_fused = std::move(caption);
  row.fused_by = by;
  row.facts_kept = facts.kept;
  row.facts_invented = facts.invented;
}

Result<std::string> prompt_text(const std::string& name, std::string_view option,
                                const BuildContext& build) {
  if (name.empty()) return std::string();
  if (name == "capsfusion") return std::string(fuse_texts::capsfusion);
  if (name == "few_shot") return std::string(fuse_texts::few_shot);
  if (name == "web") return std::string(fuse_texts::web);
  auto text = real_disk().read(build.resolve(name), kPromptBytesMax);
  if (!text)
    return Error{text.error().code,
                 fmt::format("{}: {}; give few_shot, capsfusion, web or a file's path", option,
                             text.error().message)};
  if (!is_valid_utf8(*text))
    return Error{Code::kBadConfig,
                 fmt::format("{}: {} is not UTF-8; save it as UTF-8", option, name)};
  return text;
}

// The rule's wording loses nothing and adds nothing, so a reply must come near that to be better.
// "Mount Cook: a mountain with snow." is two texts put one behind the other, and no sentence.
bool goes_on_truly(std::string_view reply, const Score& score, const AltText& title,
                   std::string_view dense) {
  const bool new_colon = reply.find(": ") != std::string_view::npos &&
                         title.text.find(": ") == std::string::npos &&
                         dense.find(": ") == std::string_view::npos;
  return score.facts_kept == title.facts_total() && score.novel == 0 &&
         score.dense_share >= kContinuedDenseShareMin && !new_colon;
}

// "A Magellanic penguin.": short, with an article or a full stop, and neither brackets nor
// separators; what people write who describe one thing. Such a title is put in by the model.
bool is_plain_title(std::string_view alt_text) {
  static const RE2 separated(R"( [-|/:~] |[\[|])");
  const auto all = words(alt_text);
  const std::string first = all.empty() ? "" : normal_form(all.front());
  const bool plain = alt_text.ends_with('.') || first == "a" || first == "an";
  return plain && content_words(alt_text).size() <= kPlainTitleWords &&
         !RE2::PartialMatch(alt_text, separated);
}

}  // namespace

void FuseOptions::visit(OptionVisitor& visitor) {
  visitor.field({.name = "engine", .help = "who answers, by its name under engines"}, engine);
  visitor.field({.name = "prompt",
                 .help = "few_shot (small models), capsfusion (the paper's words), or a file",
                 .affects = Affects::kSpeedOnly},
                prompt);
  visitor.field({.name = "web_prompt",
                 .help = "for titles as the web has them: web, or a file; empty for rules alone",
                 .affects = Affects::kSpeedOnly},
                web_prompt);
  visitor.field({.name = "names",
                 .help = "put a web title into the dense caption by rule where no reply does"},
                names);
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
          .revision = 4,
          .texts = parts_.texts,
          .engines = {&engine_}};
}

Decoding Fuse::decoding(int tries, bool first_sentence) const {
  const FuseOptions& options = parts_.options;
  Decoding decoding{.new_tokens_max = static_cast<int>(options.new_tokens_max),
                    .temperature = tries == 0 ? options.temperature : options.retry_temperature,
                    .top_p = options.top_p,
                    .candidates = static_cast<int>(options.candidates)};
  // One sentence is asked for, and a reply's first newline has ended it.
  if (first_sentence) decoding.stop = {"\n"};
  return decoding;
}

std::pair<std::string, Score> Fuse::best(const Reply& reply, const AltText& alt,
                                         const DenseParts& dense, const FusePrompt& prompt,
                                         bool goes_on) const {
  std::pair<std::string, Score> winner;
  for (const Choice& choice : reply.choices) {
    std::string text = tidy_reply(choice);
    if (reply_flaw(text, prompt.instructions(), alt.text) != ReplyFlaw::kNone) continue;
    if (prompt.takes_first_sentence())
      text = without_added_background(sentences(text).front(), dense);
    const Score score = parts_.scorer.score(text, alt, dense.first);
    if (score.verdict != Verdict::kPasses) continue;
    if (goes_on && !goes_on_truly(text, score, alt, dense.first)) continue;
    if (winner.first.empty() || score.value > winner.second.value) winner = {text, score};
  }
  return winner;
}

// A plain title, or with the literal prompt any alt-text: the model's reply is the fusion.
Task<Result<Fuse::Fused>> Fuse::fuse_plain(AltText alt, DenseParts dense, Context& ctx) {
  const bool first_sentence = parts_.prompt.takes_first_sentence();
  Fused fused;
  for (int round = 0; round < parts_.options.rounds && fused.caption.empty(); ++round) {
    if (round == 1 && first_sentence) dense = plainer(dense);
    Prompt prompt = parts_.prompt.fill(alt.text, dense.first);
    Decoding how = decoding(ctx.attempt() + round, first_sentence);
    auto reply = co_await ctx.ask(engine_, std::move(prompt), std::move(how));
    if (!reply) co_return std::move(reply).error();
    auto [caption, score] = best(*reply, alt, dense, parts_.prompt, false);
    if (caption.empty()) continue;
    fused = {with_others(caption, dense, alt.text), "llm"};
    if (!alt.statements.empty()) fused.caption += " " + alt.statements;
  }
  co_return fused;
}

// A web title: its place in the caption is found by rule. Where no place is certain the model is
// asked to go on from the title, and the rule's wording stands where it loses or adds anything.
Task<Result<Fuse::Fused>> Fuse::fuse_web(std::string alt_text, std::string dense, Context& ctx) {
  const WebText web = parts_.web_rules.split(alt_text);
  const WebDense parts = split_web_dense(dense, parts_.scorer.hedges());
  if (web.title.empty() || parts.first.empty()) co_return Fused{};
  const Frame frame = frame_of(parts.first, web, parts_.common);
  Fused fused{fill_frame(frame), "names"};
  if (parts_.web_prompt && frame.form == FrameForm::kPicture) {
    const AltText title{frame.name, facts_of(frame.name), head_noun(frame.name), ""};
    Prompt prompt = parts_.web_prompt->fill(frame.name, parts.first);
    Decoding how = decoding(ctx.attempt(), true);
    if (engine_.traits().continues_replies) how.begins_with = with_first_letter(frame.name, true);
    auto reply = co_await ctx.ask(engine_, std::move(prompt), std::move(how));
    if (!reply) co_return std::move(reply).error();
    const DenseParts shown{parts.first, "", ""};
    auto [caption, score] = best(*reply, title, shown, *parts_.web_prompt, true);
    if (!caption.empty()) fused = {caption, web.phrases.empty() ? "llm" : "llm+names"};
  }
  fused.caption = with_phrases(fused.caption, frame.name, web);
  if (!parts.others.empty()) fused.caption += " " + parts.others;
  co_return fused;
}

Task<Outcome> Fuse::apply(Row& row, Context& ctx) {
  if (trim(row.caption_dense).empty())
    co_return Dropped{Drop::kEmptyReply, "there is no dense caption to fuse"};
  const bool titles = parts_.prompt.takes_first_sentence();
  const auto& rules = parts_.alt_text_rules;
  const std::int64_t words_max = parts_.options.alt_text_words_max;
  const AltText whole = rules.prepare(row.alt_text, words_max);
  if (whole.text.empty()) {
    settle(row, row.caption_dense, "no_facts", {});
    co_return On{};
  }
  const bool plain = is_plain_title(whole.text);
  DenseParts dense{row.caption_dense, "", ""};
  if (titles) dense = split_dense(row.caption_dense, parts_.scorer.hedges(), parts_.setting);
  // A caption that could not name its subject waits for a name, whatever the title looks like.
  const bool marked = titles && dense.first.find(kNameMark) != std::string::npos;
  const bool unnamed = marked && dense.masked.empty();
  const bool is_web = parts_.options.names && !plain && !unnamed;
  Fused fused;
  if (!titles || !is_web || (marked && ends_complete(whole.text))) {
    AltText alt = titles ? rules.prepare(row.alt_text, words_max, true) : whole;
    auto done = co_await fuse_plain(std::move(alt), std::move(dense), ctx);
    if (!done) co_return Failed{std::move(done).error()};
    fused = std::move(*done);
  }
  if (fused.caption.empty() && is_web) {
    auto done = co_await fuse_web(whole.text, row.caption_dense, ctx);
    if (!done) co_return Failed{std::move(done).error()};
    fused = std::move(*done);
  }
  if (fused.caption.empty()) fused = {row.caption_dense, "no_candidate"};
  const FactCounts facts = count_facts(whole, fused.caption, row.caption_dense);
  settle(row, std::move(fused.caption), fused.by, facts);
  co_return On{};
}

Result<std::unique_ptr<Step>> make_fuse(FuseOptions options, const BuildContext& build) {
  KALE_TRY(std::string text, prompt_text(options.prompt, "fuse.prompt", build));
  KALE_TRY(auto prompt, FusePrompt::parse(text));
  KALE_TRY(std::string web_text, prompt_text(options.web_prompt, "fuse.web_prompt", build));
  std::optional<FusePrompt> web_prompt;
  if (!web_text.empty()) {
    KALE_TRY(web_prompt, FusePrompt::parse(web_text));
  }
  KALE_TRY(auto web_rules, WebTextRules::parse(fuse_texts::web_boilerplate));
  KALE_TRY(auto rules,
           AltTextRules::parse(text_texts::empty_alt_text, text_texts::instruction_alt_text));
  KALE_TRY(Engine * engine, build.engine(options.engine));
  const ScoreLimits limits{options.facts_share_min, options.dense_share_min,
                           options.novel_share_max};
  std::vector<std::string> texts = {std::move(text), std::move(web_text)};
  for (const std::string_view list :
       {text_texts::empty_alt_text, text_texts::instruction_alt_text, fuse_texts::hedges,
        fuse_texts::frame_words, fuse_texts::setting_words, fuse_texts::web_boilerplate,
        fuse_texts::common_words, fuse_texts::proper_words, fuse_texts::headline_verbs,
        fuse_texts::mass_nouns, fuse_texts::person_nouns, fuse_texts::frame_nouns,
        fuse_texts::scene_nouns, fuse_texts::given_names, fuse_texts::person_titles,
        fuse_texts::person_brands, fuse_texts::place_words, fuse_texts::not_behind_a_year})
    texts.emplace_back(list);
  const std::string examples = prompt.examples() + (web_prompt ? web_prompt->examples() : "");
  Scorer scorer(fuse_texts::hedges, fuse_texts::frame_words, limits, examples);
  std::set<std::string> setting = listed_stems(fuse_texts::setting_words);
  setting.merge(listed_stems(fuse_texts::frame_words));
  std::set<std::string> common = listed_stems(fuse_texts::common_words);
  auto step = std::make_unique<Fuse>(
      Fuse::Parts{std::move(options), std::move(prompt), std::move(web_prompt), std::move(rules),
                  std::move(web_rules), std::move(common), std::move(scorer), std::move(setting),
                  std::move(texts)},
      *engine);
  return Result<std::unique_ptr<Step>>(std::move(step));
}

}  // namespace kale
