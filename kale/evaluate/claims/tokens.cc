#include "kale/evaluate/claims/tokens.h"

#include <algorithm>
#include <array>
#include <optional>

#include "kale/evaluate/claims/sections.h"
#include "kale/text/sentences.h"
#include "kale/text/utf8.h"
#include "kale/text/words.h"

namespace kale::evaluate {
namespace {

struct QuoteMarks {
  std::string_view open, close;
};
constexpr std::array<QuoteMarks, 6> kQuoteMarks = {{{"\"", "\""},
                                                    {"\u201C", "\u201D"},
                                                    {"\u201E", "\u201C"},
                                                    {"\u00AB", "\u00BB"},
                                                    {"'", "'"},
                                                    {"\u2018", "\u2019"}}};

bool is_single(const QuoteMarks& marks) { return marks.open == "'" || marks.open == "\u2018"; }

bool is_word_byte(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x80 || (byte >= '0' && byte <= '9') ||
         ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z');
}

bool letter_at(std::string_view text, std::size_t at) {
  return at < text.size() && is_word_byte(text[at]);
}

struct Quote {
  Span outer, inner;
};

// Apostrophes are no quotation marks: a single one opens behind a blank and closes before none.
std::optional<Quote> quote_at(std::string_view text, std::size_t at) {
  for (const QuoteMarks& marks : kQuoteMarks) {
    if (!text.substr(at).starts_with(marks.open)) continue;
    const bool single = is_single(marks);
    if (single && at > 0 && is_word_byte(text[at - 1])) continue;
    const std::size_t begin = at + marks.open.size();
    std::size_t end = text.find(marks.close, begin);
    while (single && end != text.npos && letter_at(text, end + marks.close.size()))
      end = text.find(marks.close, end + 1);
    if (end == text.npos && single) continue;
    // What a model did not close, cut short as it was, ends with the text.
    const std::size_t inner_end = std::min(end, text.size());
    const std::size_t outer_end = std::min(inner_end + marks.close.size(), text.size());
    if (inner_end - begin > kQuoteBytesMax || trim(text.substr(begin, inner_end - begin)).empty())
      continue;
    return Quote{{at, outer_end}, {begin, inner_end}};
  }
  return std::nullopt;
}

std::vector<Quote> quotes_of(std::string_view text) {
  std::vector<Quote> found;
  for (std::size_t at = 0; at < text.size();) {
    if (const auto quote = quote_at(text, at)) {
      found.push_back(*quote);
      at = quote->outer.end;
    } else {
      ++at;
    }
  }
  return found;
}

class Reader {
 public:
  explicit Reader(std::string_view caption)
      : caption_(caption), quotes_(quotes_of(caption)), masked_(caption) {
    std::string closed(caption);
    for (const Quote& quote : quotes_) {
      std::fill(masked_.begin() + offset(quote.outer.begin),
                masked_.begin() + offset(quote.outer.end), ' ');
      // A stop inside a quotation ends the sentence only at the quotation's end.
      const bool stop =
          std::string_view(".!?").find(caption[quote.inner.end - 1]) != std::string_view::npos;
      std::fill(closed.begin() + offset(quote.outer.begin),
                closed.begin() + offset(quote.inner.end - (stop ? 1 : 0)), 'x');
    }
    for (const std::string_view sentence : sentences(closed))
      starts_.push_back(static_cast<std::size_t>(sentence.data() - closed.data()));
  }

  std::vector<Token> read() {
    std::size_t at = 0;
    for (const std::string_view word : words(masked_)) {
      const auto begin = static_cast<std::size_t>(word.data() - masked_.data());
      add_between(at, begin);
      add_word(begin, begin + word.size());
      at = begin + word.size();
    }
    add_between(at, caption_.size());
    return std::move(tokens_);
  }

 private:
  static std::ptrdiff_t offset(std::size_t at) { return static_cast<std::ptrdiff_t>(at); }

  int sentence_at(std::size_t at) const {
    const auto after = std::upper_bound(starts_.begin(), starts_.end(), at);
    return static_cast<int>(after - starts_.begin()) - 1;
  }

  void add(Mark mark, Span span, Span inner) {
    Token token;
    token.mark = mark;
    token.span = span;
    token.text = caption_.substr(inner.begin, inner.end - inner.begin);
    token.sentence = sentence_at(span.begin);
    tokens_.push_back(std::move(token));
  }

  void add_between(std::size_t begin, std::size_t end) {
    for (std::size_t at = begin; at < end; ++at) {
      const auto quote = std::find_if(quotes_.begin(), quotes_.end(),
                                      [&](const Quote& q) { return q.outer.begin == at; });
      const char c = caption_[at];
      if (quote != quotes_.end()) {
        add(Mark::kQuote, quote->outer, quote->inner);
        at = quote->outer.end - 1;
      } else if (c == ',') {
        add(Mark::kComma, {at, at + 1}, {at, at + 1});
      } else if (c == '-' && at > 0 && caption_[at - 1] == '\'' && letter_at(caption_, at + 1)) {
        continue;  // "jack-o'-lantern"
      } else if (std::string_view(".;:!?()[]\n-/").find(c) != std::string_view::npos ||
                 static_cast<unsigned char>(c) == 0xE2) {
        add(Mark::kBreak, {at, at + 1}, {at, at + 1});
      }
    }
  }

  void add_word(std::size_t begin, std::size_t end) {
    bool hyphen = false;
    while (begin < end) {
      std::size_t dash = caption_.find('-', begin);
      if (dash == caption_.npos || dash > end) dash = end;
      if (dash > begin) add_part(begin, dash, hyphen);
      hyphen = true;
      begin = dash + 1;
    }
  }

  void add_part(std::size_t begin, std::size_t end, bool hyphen) {
    add(Mark::kWord, {begin, end}, {begin, end});
    Token& token = tokens_.back();
    token.form = phrase_form(token.text);
    token.hyphen_before = hyphen;
    std::size_t first = 0;
    token.capital = is_upper(next_code_point(token.text, first));
    const bool verb = token.form == "it's" || token.form == "that's" || token.form == "there's";
    if (token.form.ends_with("'s") && !verb) {
      token.form.resize(token.form.size() - 2);
      token.possessive = true;
    }
    token.first = token.sentence != last_sentence_;
    last_sentence_ = token.sentence;
  }

  std::string_view caption_;
  std::vector<Quote> quotes_;
  std::string masked_;  // quotations blank
  std::vector<std::size_t> starts_;
  std::vector<Token> tokens_;
  int last_sentence_ = -1;
};

}  // namespace

std::vector<Token> tokens_of(std::string_view caption) { return Reader(caption).read(); }

}  // namespace kale::evaluate
