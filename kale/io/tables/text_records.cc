#include "kale/io/tables/text_records.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <iterator>
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

#include "kale/io/parquet/json_extras.h"
#include "kale/io/tables/framing.h"
#include "kale/text/utf8.h"

namespace kale {
namespace fs = std::filesystem;
namespace {

using nlohmann::json;

// Records whose other columns share one batch: so many, or so many as take kRecordBatchBytes.
constexpr std::int64_t kBlockRecords = 64;
// What a value of a record takes in memory beside its text, roughly.
constexpr std::int64_t kValueBytes = 64;

Error bad_record(const fs::path& path, std::int64_t line, std::string_view why) {
  return {Code::kCorrupt, fmt::format("{}, line {}: {}", path.string(), line, why)};
}

// Records of which each block is read ahead, so that they share a batch of extra columns.
class BlockedRecords : public RecordReader {
 public:
  Result<std::optional<Record>> next() override {
    if (block_.empty()) {
      KALE_OK(read_block(std::min(left_, kBlockRecords), block_));
      left_ -= std::ssize(block_);
    }
    if (block_.empty()) return std::optional<Record>();
    Result<std::optional<Record>> record = std::optional<Record>();
    record->emplace(std::move(block_.front()));
    block_.pop_front();
    return record;
  }

  Result<std::int64_t> skip(std::int64_t records) override {
    std::int64_t left = records;
    for (; left > 0 && !block_.empty(); --left) block_.pop_front();
    while (left > 0) {
      KALE_TRY(bool passed, skip_one());
      if (!passed) break;
      --left;
    }
    left_ = kAll;
    return records - left;
  }

  void begin(std::int64_t records) override {
    KALE_CHECK(block_.empty(), "no stretch is half read");
    left_ = records;
    forget();
  }

 protected:
  // At most `records`, and about kRecordBatchBytes.
  virtual Status read_block(std::int64_t records, std::deque<Record>& block) = 0;
  virtual void forget() {}              // what was learned from records before
  virtual Result<bool> skip_one() = 0;  // not parsed; false at the end
  static void share(std::deque<Record>& block, const ExtrasPtr& extras) {
    for (std::size_t i = 0; extras && i < block.size(); ++i) {
      block[i].extras = extras;
      block[i].extras_row = static_cast<std::int64_t>(i);
    }
  }

 private:
  std::deque<Record> block_;
  static constexpr auto kAll = std::numeric_limits<std::int64_t>::max();
  std::int64_t left_ = kAll;  // of the stretch, not in block_
};

std::int64_t bytes_of(const Fields& fields) {
  std::int64_t bytes = 0;
  for (const auto& value : fields.values) bytes += kValueBytes + (value ? std::ssize(*value) : 0);
  return bytes;
}

// Of a line of JSON and its tree, guessed by the characters that stand before a value.
std::int64_t bytes_of(std::string_view json_text) {
  auto values = std::count_if(json_text.begin(), json_text.end(),
                              [](char c) { return c == ',' || c == '[' || c == '{'; });
  return std::ssize(json_text) + kValueBytes * values;
}

class CsvRecords : public BlockedRecords {
 public:
  CsvRecords(fs::path path, CsvFrames frames)
      : path_(std::move(path)), frames_(std::move(frames)) {}

  Status read_header(const RoleNames* names) {
    KALE_TRY(auto header, frames_.next());
    if (!header || header->broken)
      return bad_record(path_, header ? header->line : 1,
                        header ? *header->broken : "the file has no header row of column names");
    if (header->values.size() > kTableColumnsMax)
      return bad_record(path_, header->line, too_many_columns(header->values.size()));
    for (auto& name : header->values)
      if (name && name->find('\r') != std::string::npos)
        return bad_record(path_, header->line,
                          "a carriage return in the header; end lines with a line feed");
    for (auto& name : header->values)
      columns_.push_back(name && is_valid_utf8(*name) ? std::string(trim(*name)) : "");
    auto sorted = columns_;
    std::sort(sorted.begin(), sorted.end());
    auto twice = std::adjacent_find(sorted.begin(), sorted.end());
    if (twice != sorted.end() && !twice->empty())
      return bad_record(path_, header->line,
                        fmt::format("the header names column '{}' twice", *twice));
    if (names != nullptr) plan(*names);
    return {};
  }

 protected:
  Result<bool> skip_one() override {
    KALE_TRY(auto frame, frames_.next());
    return frame.has_value();
  }

  Status read_block(std::int64_t records, std::deque<Record>& block) override {
    std::vector<std::vector<std::optional<std::string>>> others;
    std::int64_t bytes = 0;
    while (std::ssize(block) < records && bytes < kRecordBatchBytes) {
      KALE_TRY(auto fields, frames_.next());
      if (!fields) break;
      bytes += bytes_of(*fields);
      auto& record = block.emplace_back();
      auto& kept = others.emplace_back(extra_names_.size());
      if (fields->broken)
        record.error = bad_record(path_, fields->line, *fields->broken);
      else if (fields->values.size() > columns_.size())
        record.error = bad_record(path_, fields->line,
                                  fmt::format("{} fields, the header has {}; put fields that hold "
                                              "the separator in quotes",
                                              fields->values.size(), columns_.size()));
      else
        take(std::move(fields->values), record, kept);
    }
    if (!extra_names_.empty() && !block.empty())
      share(block, make_text_extras(extra_names_, others));
    return {};
  }

 private:
  void plan(const RoleNames& names) {
    roles_.fill(columns_.size());
    std::vector<bool> taken(columns_.size(), false);
    for (std::size_t role = 0; role < kRoles; ++role) {
      for (const std::string& name : names[role]) {
        auto found = std::find(columns_.begin(), columns_.end(), name) - columns_.begin();
        auto place = static_cast<std::size_t>(found);
        if (place == columns_.size() || name.empty() || taken[place]) continue;
        roles_[role] = place;
        taken[place] = role != static_cast<std::size_t>(Role::kUid);
        break;
      }
    }
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (taken[i] || columns_[i].empty()) continue;  // a column without a name: an old index
      extras_.push_back(i);
      extra_names_.push_back(columns_[i]);
    }
  }

  void take(std::vector<std::optional<std::string>> values, Record& record,
            std::vector<std::optional<std::string>>& kept) const {
    values.resize(columns_.size());
    for (std::size_t i = 0; i < extras_.size(); ++i)
      if (values[extras_[i]]) kept[i] = to_valid_utf8(*values[extras_[i]]);
    for (std::size_t role = 0; role < kRoles; ++role)
      if (roles_[role] < values.size()) record.texts[role] = std::move(values[roles_[role]]);
  }

  fs::path path_;
  CsvFrames frames_;
  std::vector<std::string> columns_;
  std::array<std::size_t, kRoles> roles_;
  std::vector<std::size_t> extras_;
  std::vector<std::string> extra_names_;
};

class JsonRecords : public BlockedRecords {
 public:
  JsonRecords(fs::path path, LineFrames frames, RoleNames names)
      : path_(std::move(path)), frames_(std::move(frames)), names_(std::move(names)) {}

 protected:
  Result<bool> skip_one() override {
    KALE_TRY(auto frame, frames_.next());
    return frame.has_value();
  }

  Status read_block(std::int64_t records, std::deque<Record>& block) override {
    std::vector<json> others;
    std::int64_t bytes = 0;
    while (std::ssize(block) < records && bytes < kRecordBatchBytes) {
      KALE_TRY(auto line, frames_.next());
      if (!line) break;
      bytes += bytes_of(line->text);
      auto& record = block.emplace_back();
      auto& kept = others.emplace_back();
      if (line->broken) {
        record.error = bad_record(path_, line->line, *line->broken);
        continue;
      }
      auto object =
          parse_json_object(line->text, fmt::format("{}, line {}", path_.string(), line->line));
      if (!object) {
        record.error = std::move(object).error();
        continue;
      }
      kept = std::move(*object);
      take(line->line, kept, record);
    }
    if (!block.empty()) share(block, extras_.batch(others));
    return {};
  }

  void forget() override { extras_ = JsonExtras(); }

 private:
  // Moves what is ours out of `object`.
  void take(std::int64_t line, json& object, Record& record) const {
    for (std::size_t role = 0; role < kRoles; ++role) {
      auto found = find_given(object, names_[role]);
      if (found == object.end() || found->is_null()) continue;
      bool is_image = role == static_cast<std::size_t>(Role::kImage);
      const json& value =
          is_image && found->is_object() && found->contains("path") ? (*found)["path"] : *found;
      if (value.is_structured())
        record.error =
            bad_record(path_, line,
                       fmt::format("'{}' is {}, which is no text", found.key(), value.type_name()));
      else if (!value.is_null())  // the path beside the bytes may be
        record.texts[role] = value.is_string() ? value.get<std::string>() : value.dump();
      if (role != static_cast<std::size_t>(Role::kUid)) object.erase(found);
    }
  }

  fs::path path_;
  LineFrames frames_;
  RoleNames names_;
  JsonExtras extras_;
};

class PlaceRecords : public BlockedRecords {
 public:
  PlaceRecords(fs::path path, LineFrames frames)
      : path_(std::move(path)), frames_(std::move(frames)) {}

 protected:
  Result<bool> skip_one() override {
    KALE_TRY(auto frame, frames_.next());
    return frame.has_value();
  }

  Status read_block(std::int64_t records, std::deque<Record>& block) override {
    if (records == 0) return {};
    KALE_TRY(auto line, frames_.next());
    if (!line) return {};
    auto& record = block.emplace_back();
    if (line->broken) {
      record.error = bad_record(path_, line->line, *line->broken);
      return {};
    }
    record.text(Role::kImagePath) = std::string(trim(line->text));
    return {};
  }

 private:
  fs::path path_;
  LineFrames frames_;
};

CsvFrames csv_frames(std::unique_ptr<ByteBlocks> blocks, TextForm form, std::int64_t bytes_max) {
  return {std::move(blocks), form == TextForm::kTsv ? '\t' : ',', bytes_max};
}

bool has_header(TextForm form) { return form == TextForm::kCsv || form == TextForm::kTsv; }

}  // namespace

Result<std::unique_ptr<RecordReader>> open_text_records(const fs::path& path, TextForm form,
                                                        const RecordWants& wants,
                                                        std::int64_t record_bytes_max) {
  KALE_TRY(auto blocks, ByteBlocks::open(path));
  return read_text_records(std::move(blocks), path, form, wants, record_bytes_max);
}

Result<std::unique_ptr<RecordReader>> read_text_records(std::unique_ptr<ByteBlocks> blocks,
                                                        const fs::path& path, TextForm form,
                                                        const RecordWants& wants,
                                                        std::int64_t record_bytes_max) {
  if (has_header(form)) {
    auto reader =
        std::make_unique<CsvRecords>(path, csv_frames(std::move(blocks), form, record_bytes_max));
    KALE_OK(reader->read_header(&wants.names));
    return std::unique_ptr<RecordReader>(std::move(reader));
  }
  LineFrames frames(std::move(blocks), record_bytes_max);
  if (form == TextForm::kPlaces)
    return std::unique_ptr<RecordReader>(std::make_unique<PlaceRecords>(path, std::move(frames)));
  return std::unique_ptr<RecordReader>(
      std::make_unique<JsonRecords>(path, std::move(frames), wants.names));
}

Result<std::int64_t> count_text_records(const fs::path& path, TextForm form,
                                        std::int64_t record_bytes_max, std::int64_t enough) {
  RecordWants nothing;
  KALE_TRY(auto reader, open_text_records(path, form, nothing, record_bytes_max));
  std::int64_t records = 0;
  while (enough == 0 || records < enough) {
    KALE_TRY(std::int64_t passed, reader->skip(1));
    if (passed == 0) break;
    ++records;
  }
  return records;
}

}  // namespace kale
