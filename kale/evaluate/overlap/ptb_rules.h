// Which token begins at a place of a text: of all rules the one that looks furthest, and of
// those the first, as a generated lexer chooses.
// Threads  free functions, safe
#pragma once

#include <string_view>

#include "kale/evaluate/overlap/ptb_shapes.h"

namespace kale::ptb {

enum class Form {
  kNothing,      // space, punctuation that the metrics leave out, or what no rule knows
  kAsWritten,    // soft hyphens left out, spaces as no-break spaces
  kBrackets,     // round brackets spelt out
  kAmpersand,    // "&amp;" as "&"
  kContraction,  // typographic apostrophes made plain
  kQuotes,       // quotation marks, most of which are left out
  kFixed,        // what `fixed` says
};

struct Match {
  int length = 1;  // of the token
  int reach = 0;   // with what must follow it
  Form form = Form::kNothing;
  std::string_view fixed;

  void offer(int token_length, Form token_form) { offer(token_length, token_length, token_form); }
  void offer(int token_length, int token_reach, Form token_form, std::string_view text = {}) {
    if (token_length > 0 && token_reach > reach)
      *this = {token_length, token_reach, token_form, text};
  }
};

Match match_token(Place s);

}  // namespace kale::ptb
