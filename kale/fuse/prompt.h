// The fusion prompt as a text file, and its filling with a row's texts.
//
// A file with no "[role]" line is one user message. Otherwise each line "[system]", "[user]" or
// "[assistant]" opens a message that runs to the next such line; newlines at a message's ends are
// not part of it. The last message is the row's: it alone holds the slots, once each:
//   {alt_text}             the prepared alt-text
//   {caption_dense}        the whole dense caption, or instead of it
//   {caption_dense_first}  its first sentence, with "[name]" in the place of what it could not name
//                          (see compose.h); the others are put behind the reply afterwards, and
//                          {alt_text} is a title then: its first sentence without the closing mark
//
// Errors   kBadConfig: a slot missing, doubled or in a worked example; roles out of order
// Threads  const after parse()
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kale/core/engine.h"
#include "kale/core/result.h"

namespace kale {

class FusePrompt {
 public:
  static Result<FusePrompt> parse(std::string_view file_text);

  // In one pass: a slot's name inside the row's texts stays what it is, text.
  Prompt fill(std::string_view alt_text, std::string_view dense) const;

  bool takes_first_sentence() const { return first_sentence_; }

  // All worked examples, user and assistant turns, as one text.
  std::string examples() const;

  // The wording that must not come back in a reply: all that is no worked example.
  std::vector<std::string_view> instructions() const;

 private:
  std::vector<Message> examples_;  // every message before the row's own
  std::string role_;
  std::vector<std::string> parts_;  // the row's message: text, slot, text, slot, text
  bool alt_text_first_ = true;
  bool first_sentence_ = false;
};

}  // namespace kale
