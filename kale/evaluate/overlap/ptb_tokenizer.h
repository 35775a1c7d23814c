// Captions as pycocoevalcap sees them: tokens of the Penn Treebank (Stanford's PTBTokenizer 3.4.1
// with -preserveLines -lowerCase), lower-cased, most punctuation left out, joined by blanks.
// Brackets stay, spelt "-lrb-": the list of punctuation has them in capitals.
// Errors   bytes that are not UTF-8 read as U+FFFD, which is left out
// Threads  free functions, safe
#pragma once

#include <string>
#include <string_view>

namespace kale {

// `following` is the text of the next line, which decides whether "Vitamin C." ends a sentence
// ("c") or not ("c."). A token may hold a no-break space ("1 1/2"); none holds another.
std::string ptb_tokenized(std::string_view text, std::string_view following = {});

}  // namespace kale
