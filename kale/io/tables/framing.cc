#include "kale/io/tables/framing.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "kale/io/parquet/records.h"

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

std::string_view Characters::take_until(char a, char b) {
  if (!peek()) return {};
  const std::string_view rest = block_.substr(at_);
  const auto end = std::find_if(rest.begin(), rest.end(), [=](char c) { return c == a || c == b; });
  const auto text = rest.substr(0, static_cast<std::size_t>(end - rest.begin()));
  at_ += text.size();
  return text;
}

Result<std::optional<Line>> LineFrames::next() {
  while (!ended_) {
    Line line;
    line.line = line_;
    bool any = false;
    bool blank = true;
    while (characters_.peek()) {
      any = true;
      const std::string_view text = characters_.take_until('\n', '\n');
      if (text.empty()) {
        characters_.take();
        break;
      }
      blank = blank && is_blank(text);
      const auto room = static_cast<std::size_t>(bytes_max_) - line.text.size();
      line.text.append(text.substr(0, room));
      if (text.size() > room) line.broken = too_long(bytes_max_);
    }
    ++line_;
    if (characters_.failure()) {
      if (!characters_.damaged()) return *characters_.failure();
      ended_ = true;
      line.broken = characters_.failure()->message;
    } else if (!any) {
      ended_ = true;
      return std::optional<Line>();
    } else if (blank) {
      continue;
    }
    if (line.broken) line.text.clear();
    if (line.text.ends_with('\r')) line.text.pop_back();
    return std::optional(std::move(line));
  }
  return std::optional<Line>();
}

Result<std::optional<Fields>> CsvFrames::next() {
  while (!ended_) {
    while (take_line_end()) continue;
    if (!characters_.peek() && !characters_.failure()) break;
    Fields fields;
    fields.line = line_;
    bytes_ = 0;
    count_ = 0;
    blank_ = true;
    bool more = true;
    while (more) more = take_field(fields);
    if (characters_.failure()) {
      if (!characters_.damaged()) return *characters_.failure();
      fields.broken = characters_.failure()->message;
      ended_ = true;
    } else if (count_ == 1 && blank_) {
      continue;
    }
    if (fields.broken) fields.values.clear();
    return std::optional(std::move(fields));
  }
  ended_ = true;
  return std::optional<Fields>();
}

// A field and the separator or line end behind it; false where the row ends.
bool CsvFrames::take_field(Fields& fields) {
  if (characters_.peek() == '"') return take_quoted(fields);
  std::string value;
  for (std::string_view text = "-"; !text.empty();) {
    text = characters_.take_until('\n', separator_);
    keep(text, value, fields, 0);
  }
  const auto c = characters_.peek();
  if (c != separator_ && value.ends_with('\r')) value.pop_back();
  if (value.empty())
    add(std::nullopt, fields);
  else
    add(std::move(value), fields);
  if (c == separator_) return take_separator(fields);
  take_line_end();
  return false;
}

bool CsvFrames::take_quoted(Fields& fields) {
  std::int64_t begun = line_;
  characters_.take();
  std::string value;
  while (true) {
    const std::string_view text = characters_.take_until('"', '"');
    line_ += std::count(text.begin(), text.end(), '\n');
    keep(text, value, fields, begun);
    if (!text.empty()) continue;
    if (!characters_.peek()) {
      broken(fields, fmt::format("the quote that opens in line {} is never closed", begun));
      return false;
    }
    characters_.take();
    if (characters_.peek() != '"') break;
    characters_.take();
    keep("\"", value, fields, begun);
  }
  add(std::move(value), fields);
  if (characters_.peek() == separator_) return take_separator(fields);
  if (!characters_.peek() || take_line_end()) return false;
  broken(fields, "text behind a closing quote; inside quotes, write a quote twice");
  skip_line();
  return false;
}

// Each separator counts, so that a line of separators alone has its limit too.
bool CsvFrames::take_separator(Fields& fields) {
  characters_.take();
  if (++bytes_ > bytes_max_) broken(fields, too_long(bytes_max_));
  return true;
}

// Where a row ends never depends on the limit: what is beyond it is read and forgotten.
void CsvFrames::keep(std::string_view text, std::string& value, Fields& fields,
                     std::int64_t quote_line) {
  blank_ = blank_ && is_blank(text);
  const std::int64_t room = std::max<std::int64_t>(0, bytes_max_ - bytes_);
  value.append(text.substr(0, static_cast<std::size_t>(room)));
  bytes_ += std::ssize(text);
  if (std::ssize(text) > room && !fields.broken) {
    fields.broken = too_long(bytes_max_);
    if (quote_line > 0)
      *fields.broken += fmt::format("; is the quote that opens in line {} closed?", quote_line);
  }
}

void CsvFrames::add(std::optional<std::string> value, Fields& fields) {
  ++count_;
  if (fields.broken) return;
  fields.values.push_back(std::move(value));
  // One more is kept, so that a header can say how many it has.
  if (fields.values.size() > kTableColumnsMax + 1)
    broken(fields, fmt::format("more than {} fields", kTableColumnsMax + 1));
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

void CsvFrames::broken(Fields& fields, std::string why) {
  blank_ = false;
  if (!fields.broken) fields.broken = std::move(why);
}

}  // namespace kale
