// Where records of text files begin and end: lines, and the rows of CSV. What a record holds is
// not asked here, so that counting and reading agree; nor does it depend on the limit, so that rows
// keep their numbers when it is raised. A quote that is never closed reaches to the file's end.
// Errors   a record that is longer than the limit or not closed is one record that says so; where
//          the bytes are damaged or unpack to too many, the last record says so. What else keeps
//          them from being read is an error, again at every call
// Threads  one thread at a time
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kale/core/result.h"
#include "kale/io/tables/byte_blocks.h"

namespace kale {

// The characters of a file, its byte order mark left out.
class Characters {
 public:
  explicit Characters(std::unique_ptr<ByteBlocks> blocks) : blocks_(std::move(blocks)) {}
  // The next without taking it; nothing at the end, also where the file cannot be read further.
  std::optional<char> peek() {
    return at_ < block_.size() || refill() ? std::optional(block_[at_]) : std::nullopt;
  }
  void take() { ++at_; }
  // Takes what stands before the next `a` or `b` and before the end of the block; empty where one
  // of them is next, and at the end. Good until the next call.
  std::string_view take_until(char a, char b);
  // Why there is nothing more, where that is not the end of the file.
  const std::optional<Error>& failure() const { return failure_; }
  // The file's own fault, which its last record says.
  bool damaged() const {
    return failure_ && (failure_->code == Code::kCorrupt || failure_->code == Code::kLimit);
  }

 private:
  bool refill();
  std::unique_ptr<ByteBlocks> blocks_;
  std::string_view block_;
  std::size_t at_ = 0;
  bool started_ = false;
  std::optional<Error> failure_;
};

struct FramedRecord {
  std::int64_t line = 0;              // where it begins, from 1
  std::optional<std::string> broken;  // what is wrong with it; the rest is then empty
};

struct Line : FramedRecord {
  std::string text;
};

// Lines that are not blank; line ends of Unix and Windows.
class LineFrames {
 public:
  LineFrames(std::unique_ptr<ByteBlocks> blocks, std::int64_t bytes_max)
      : characters_(std::move(blocks)), bytes_max_(bytes_max) {}
  Result<std::optional<Line>> next();

 private:
  Characters characters_;
  std::int64_t bytes_max_;
  std::int64_t line_ = 1;
  bool ended_ = false;
};

struct Fields : FramedRecord {
  // Nothing for a field that is empty and stands without quotes.
  std::vector<std::optional<std::string>> values;
};

// RFC 4180: fields between `separator`, quoted where need be, with quotes doubled and line ends
// allowed inside. Blank lines are no rows.
class CsvFrames {
 public:
  CsvFrames(std::unique_ptr<ByteBlocks> blocks, char separator, std::int64_t bytes_max)
      : characters_(std::move(blocks)), separator_(separator), bytes_max_(bytes_max) {}
  Result<std::optional<Fields>> next();

 private:
  bool take_field(Fields& fields);
  bool take_quoted(Fields& fields);
  bool take_separator(Fields& fields);
  bool take_line_end();
  void skip_line();
  void keep(std::string_view text, std::string& value, Fields& fields, std::int64_t quote_line);
  void add(std::optional<std::string> value, Fields& fields);
  void broken(Fields& fields, std::string why);

  Characters characters_;
  char separator_;
  std::int64_t bytes_max_;
  std::int64_t bytes_ = 0;  // of the row at hand, as are the next two
  std::int64_t count_ = 0;
  bool blank_ = true;
  std::int64_t line_ = 1;
  bool ended_ = false;
};

}  // namespace kale
