#include "kale/run/sink_fake.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "kale/io/digest.h"

namespace kale {
namespace {

using nlohmann::json;

struct ToJson {
  const Row& row;
  json operator()(std::monostate) const { return nullptr; }
  template <class T>
  json operator()(T Row::*field) const {
    return row.*field;
  }
};

struct FromJson {
  Row& row;
  const json& value;
  void operator()(std::monostate) const {}
  template <class T>
  void operator()(T Row::*field) const {
    row.*field = value.get<T>();
  }
};

json to_json(const FinishedRow& finished, std::size_t ordinal) {
  json columns = json::object();
  for (const ColumnInfo& info : column_table())
    if (!info.transient() && finished.row.filled.has(info.column))
      columns[std::string(info.name)] = std::visit(ToJson{finished.row}, info.field);
  return {{"ordinal", ordinal},    {"columns", std::move(columns)}, {"fate", finished.fate},
          {"step", finished.step}, {"reason", finished.reason},     {"detail", finished.detail}};
}

FinishedRow from_json(const json& value) {
  FinishedRow finished;
  for (const ColumnInfo& info : column_table()) {
    auto found = value["columns"].find(std::string(info.name));
    if (found == value["columns"].end()) continue;
    std::visit(FromJson{finished.row, *found}, info.field);
    finished.row.filled |= Columns{info.column};
  }
  finished.fate = value["fate"];
  finished.step = value["step"];
  finished.reason = value["reason"];
  finished.detail = value["detail"];
  return finished;
}

class JsonSink : public Sink {
 public:
  JsonSink(Disk& disk, std::filesystem::path out) : disk_(disk), out_(std::move(out)) {}

  Result<WrittenShard> write(const FinishedShard& shard) override {
    std::string kept, rejected;
    WrittenShard files;
    for (std::size_t i = 0; i < shard.rows.size(); ++i) {
      bool keep = shard.rows[i].fate == Fate::kKept;
      (keep ? kept : rejected) += to_json(shard.rows[i], i).dump() + "\n";
      ++(keep ? files.part : files.rejects).rows;
      if (!keep) ++files.reasons[reject_label(shard.rows[i])];
    }
    KALE_OK(save("rejects", shard, rejected, files.rejects));
    KALE_OK(save("parts", shard, kept, files.part));
    return files;
  }

  Result<std::vector<FinishedRow>> read(const WrittenShard& files) override {
    std::vector<FinishedRow> rows(static_cast<std::size_t>(files.part.rows + files.rejects.rows));
    for (const WrittenFile* file : {&files.part, &files.rejects}) {
      KALE_TRY(std::string text, disk_.read(out_ / file->name, kStateFileBytesMax));
      if (xxh128_hex(text) != file->digest)
        return Error{Code::kCorrupt, file->name + " is damaged"};
      std::istringstream lines(text);
      for (std::string line; std::getline(lines, line);) {
        json value = json::parse(line);
        rows.at(value["ordinal"].get<std::size_t>()) = from_json(value);
      }
    }
    return rows;
  }

 private:
  Status save(std::string_view folder, const FinishedShard& shard, const std::string& text,
              WrittenFile& file) {
    file.name = fmt::format("{0}/{0}-{1:05}-g{2}.jsonl", folder, shard.index, shard.generation);
    file.bytes = static_cast<std::int64_t>(text.size());
    file.digest = xxh128_hex(text);
    return write_whole_file(disk_, out_ / file.name, text);
  }

  Disk& disk_;
  std::filesystem::path out_;
};

}  // namespace

std::unique_ptr<Sink> make_json_sink(Disk& disk, std::filesystem::path out) {
  return std::make_unique<JsonSink>(disk, std::move(out));
}

}  // namespace kale
