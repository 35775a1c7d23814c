#include "kale/text/reply.h"

#include <re2/re2.h>

#include <set>

#include "kale/text/phrases.h"
#include "kale/text/repetition.h"
#include "kale/text/sentences.h"
#include "kale/text/texts.h"
#include "kale/text/utf8.h"
#include "kale/text/words.h"

namespace kale {
namespace {

constexpr std::size_t kEchoWords = 8;

std::set<std::string> word_runs(std::string_view text) {
  std::vector<std::string> folded;
  for (const std::string_view word : words(text)) folded.push_back(normal_form(word));
  std::set<std::string> runs;
  for (std::size_t i = 0; i + kEchoWords <= folded.size(); ++i) {
    std::string run;
    for (std::size_t k = 0; k < kEchoWords; ++k) run += folded[i + k] + ' ';
    runs.insert(std::move(run));
  }
  return runs;
}

bool echoes(std::string_view reply, std::string_view instruction) {
  const auto said = word_runs(reply);
  for (const auto& run : word_runs(instruction))
    if (said.contains(run)) return true;
  return false;
}

std::string_view without_outer_quotes(std::string_view text) {
  static constexpr std::pair<std::string_view, std::string_view> kPairs[] = {
      {"\"", "\""}, {"\u201C", "\u201D"}, {"'", "'"}};
  for (const auto& [open, close] : kPairs) {
    if (text.size() <= open.size() + close.size() || !text.starts_with(open) ||
        !text.ends_with(close))
      continue;
    const auto inner = text.substr(open.size(), text.size() - open.size() - close.size());
    if (inner.find(open) == std::string_view::npos && inner.find(close) == std::string_view::npos)
      return inner;
  }
  return text;
}

}  // namespace

std::string_view reply_flaw_name(ReplyFlaw flaw) {
  switch (flaw) {
    case ReplyFlaw::kNone:
      return "none";
    case ReplyFlaw::kEmpty:
      return "empty";
    case ReplyFlaw::kRefusal:
      return "refusal";
    case ReplyFlaw::kEcho:
      return "echo";
    case ReplyFlaw::kRepetition:
      return "repetition";
  }
  check_failed("flaw", "a reply flaw without a name");
}

Drop drop_for(ReplyFlaw flaw) {
  switch (flaw) {
    case ReplyFlaw::kEmpty:
      return Drop::kEmptyReply;
    case ReplyFlaw::kRefusal:
      return Drop::kRefused;
    case ReplyFlaw::kEcho:
      return Drop::kPromptEcho;
    case ReplyFlaw::kRepetition:
      return Drop::kRepetition;
    case ReplyFlaw::kNone:
      break;
  }
  check_failed("flaw", "a reply without a flaw is not dropped");
}

bool is_refusal(std::string_view reply, std::string_view given) {
  static const PhraseSet phrases(text_texts::refusals);
  return !phrases.first_in(reply, given).empty();
}

ReplyFlaw reply_flaw(std::string_view reply, const std::vector<std::string_view>& instructions,
                     std::string_view given) {
  if (!has_word(reply)) return ReplyFlaw::kEmpty;
  if (is_refusal(reply, given)) return ReplyFlaw::kRefusal;
  for (const std::string_view instruction : instructions)
    if (echoes(reply, instruction)) return ReplyFlaw::kEcho;
  if (is_repetitive(reply)) return ReplyFlaw::kRepetition;
  return ReplyFlaw::kNone;
}

std::string without_template_tokens(std::string_view text) {
  static const RE2 tokens(
      R"((?i)<\|(?:im_start|start_header_id)\|>(?:system|user|assistant)?|<\|[^<>|]{1,40}\|>|)"
      R"(<｜[^<>｜]{1,40}｜>|\[/?(?:INST|SYS|AVAILABLE_TOOLS|IMG|IMG_BREAK|IMG_END)\]|)"
      R"(<</?SYS>>|</?s>|<(?:bos|eos|pad|unk)>|</?(?:start_of_turn|end_of_turn)>|)"
      R"(</?(?:image|video|audio|img|im_start|im_end|im_patch|image_soft_token|__media__)>|)"
      R"(</?(?:think|tool_call|tool_response)>)");
  std::string out(text);
  RE2::GlobalReplace(&out, tokens, " ");
  return out;
}

std::string tidy_reply(const Choice& choice) {
  static const RE2 lead_in(
      R"(^(?i)(?:(?:here is|here's|sure)[^.:\n]{0,80}:|)"
      R"((?:new sentence|new caption|fused caption|merged caption|caption|answer|output|result))"
      R"(\s*:)\s*)");
  std::string text = without_template_tokens(choice.text);
  text = std::string(trim(text));
  RE2::Replace(&text, lead_in, "");
  // Newlines still tell sentences apart here, so the torn one goes before they are collapsed.
  if (choice.finish != Finish::kStop) text = without_torn_sentence(text);
  return collapse_spaces(without_outer_quotes(trim(text)));
}

}  // namespace kale
