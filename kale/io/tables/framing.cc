#include "kale/io/tables/framing.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace kale {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

std::string too_long(std::int64_t bytes_max) {
  return fmt::format("longer than record_bytes_max, {} bytes", bytes_max);
}

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\v\f") == std::string_view::npos;
}

}  // namespace

bool Characters::refill() {
  if (failure_) return false;
  auto block = blocks_->next();
  if (!block) {
    failure_ = std::move(block).error();
    return false;
  }
  block_ = *block;
  at_ = 0;
  if (!started_ && block_.starts_with(kByteOrderMark)) at_ = kByteOrderMark.size();
  started_ = true;
  return at_ < block_.size();
}

std::optional<Line> LineFrames::next() {
  while (!ended_) {
    Line line;
    line.line = line_;
    bool any = false;
    for (auto c = characters_.peek(); c; c = characters_.peek()) {
      characters_.take();
      any = true;
      if (*c == '\n') break;
      if (static_cast<std::int64_t>(line.text.size()) < bytes_max_)
        line.text.push_back(*c);
      else if (!line.broken)
        line.broken = too_long(bytes_max_);
    }
    ++line_;
    if (characters_.failure()) {
      ended_ = true;
      line.broken = characters_.failure()->message;
    } else if (!any) {
      ended_ = true;
      return std::nullopt;
    }
    if (line.broken) line.text.clear();
    if (line.text.ends_with('\r')) line.text.pop_back();
    if (line.broken || !is_blank(line.text)) return line;
  }
  return std::nullopt;
}

std::optional<Fields> CsvFrames::next() {
  while (!ended_) {
    while (take_line_end()) continue;
    if (!characters_.peek() && !characters_.failure()) break;
    Fields fields;
    fields.line = line_;
    bytes_ = 0;
    After after = After::kField;
    while (after == After::kField) after = take_field(fields);
    if (characters_.failure()) {
      fields.broken = characters_.failure()->message;
      ended_ = true;
    }
    if (fields.broken) fields.values.clear();
    bool blank =
        fields.values.size() == 1 && fields.values.front() && is_blank(*fields.values.front());
    if (fields.broken || !blank) return fields;
  }
  ended_ = true;
  return std::nullopt;
}

// A field and the separator or line end behind it.
CsvFrames::After CsvFrames::take_field(Fields& fields) {
  if (characters_.peek() == '"') return take_quoted(fields);
  std::string value;
  while (true) {
    auto c = characters_.peek();
    bool row_ends = !c || *c == '\n';
    if (!row_ends && *c != separator_) {
      characters_.take();
      value.push_back(*c);
      if (++bytes_ > bytes_max_) return broken(fields, too_long(bytes_max_));
      continue;
    }
    if (row_ends && value.ends_with('\r')) value.pop_back();
    if (value.empty())
      fields.values.emplace_back();
    else
      fields.values.emplace_back(std::move(value));
    if (row_ends) {
      take_line_end();
      return After::kRow;
    }
    characters_.take();
    // Each separator counts, so that a line of separators alone has its limit too.
    return ++bytes_ > bytes_max_ ? broken(fields, too_long(bytes_max_)) : After::kField;
  }
}

CsvFrames::After CsvFrames::take_quoted(Fields& fields) {
  std::int64_t begun = line_;
  characters_.take();
  std::string value;
  while (true) {
    auto c = characters_.peek();
    if (!c)
      return broken(fields, fmt::format("the quote that opens in line {} is never closed", begun));
    characters_.take();
    if (*c == '\n') ++line_;
    if (*c == '"') {
      if (characters_.peek() != '"') break;
      characters_.take();
    }
    value.push_back(*c);
    if (++bytes_ > bytes_max_)
      return broken(fields, fmt::format("{}; is the quote that opens in line {} closed?",
                                        too_long(bytes_max_), begun));
  }
  fields.values.emplace_back(std::move(value));
  if (characters_.peek() == separator_) {
    characters_.take();
    return ++bytes_ > bytes_max_ ? broken(fields, too_long(bytes_max_)) : After::kField;
  }
  if (!characters_.peek() || take_line_end()) return After::kRow;
  return broken(fields, "text behind a closing quote; inside quotes, write a quote twice");
}

// "\n" or "\r\n"; a carriage return alone is none, since Python writes it bare inside fields.
bool CsvFrames::take_line_end() {
  if (characters_.peek() == '\r') characters_.take();
  if (characters_.peek() != '\n') return false;
  characters_.take();
  ++line_;
  return true;
}

void CsvFrames::skip_line() {
  for (auto c = characters_.peek(); c && *c != '\n'; c = characters_.peek()) characters_.take();
  take_line_end();
}

// The next row begins with the next line.
CsvFrames::After CsvFrames::broken(Fields& fields, std::string why) {
  fields.broken = std::move(why);
  skip_line();
  return After::kBroken;
}

}  // namespace kale
