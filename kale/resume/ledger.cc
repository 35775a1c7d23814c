#include "kale/resume/ledger.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "kale/resume/records.h"

namespace kale {
namespace {

using nlohmann::json;

constexpr std::string_view kVersionLine = "kale ledger 1";

json file_to_json(const WrittenFile& file) {
  return {{"name", file.name}, {"rows", file.rows}, {"bytes", file.bytes}, {"digest", file.digest}};
}

// The member `name`, or null where there is none.
const json& member(const json& object, const char* name) {
  static const json nothing;
  auto found = object.find(name);
  return found == object.end() ? nothing : *found;
}

std::optional<WrittenFile> file_from_json(const json& value) {
  const json& name = member(value, "name");
  const json& digest = member(value, "digest");
  auto rows = count_from_json(member(value, "rows"));
  auto bytes = count_from_json(member(value, "bytes"));
  if (!name.is_string() || !digest.is_string() || !rows || !bytes) return {};
  return WrittenFile{name.get<std::string>(), *rows, *bytes, digest.get<std::string>()};
}

std::optional<std::vector<StepPrint>> prints_from_json(const json& value) {
  if (!value.is_array()) return {};
  std::vector<StepPrint> prints;
  for (const json& step : value) {
    if (!step.is_array() || step.size() != 2 || !step[0].is_string() || !step[1].is_string())
      return {};
    prints.push_back({step[0].get<std::string>(), step[1].get<std::string>(), ""});
  }
  return prints;
}

std::optional<std::map<std::string, std::int64_t>> reasons_from_json(const json& value) {
  if (!value.is_object()) return {};
  std::map<std::string, std::int64_t> reasons;
  for (const auto& [reason, rows] : value.items()) {
    auto count = count_from_json(rows);
    if (!count) return {};
    reasons[reason] = *count;
  }
  return reasons;
}

std::string to_payload(const LedgerRecord& record) {
  json prints = json::array();
  for (const StepPrint& step : record.prints) prints.push_back({step.name, step.print});
  return json{{"shard", record.shard},
              {"generation", record.generation},
              {"prints", std::move(prints)},
              {"part", file_to_json(record.files.part)},
              {"rejects", file_to_json(record.files.rejects)},
              {"reasons", record.files.reasons}}
      .dump();
}

std::optional<LedgerRecord> from_payload(std::string_view payload) {
  const json value = json::parse(payload, nullptr, false);
  if (!value.is_object()) return {};
  auto shard = count_from_json(member(value, "shard"));
  auto generation = count_from_json(member(value, "generation"));
  auto part = file_from_json(member(value, "part"));
  auto rejects = file_from_json(member(value, "rejects"));
  auto prints = prints_from_json(member(value, "prints"));
  auto reasons = reasons_from_json(member(value, "reasons"));
  if (!shard || !generation || !part || !rejects || !prints || !reasons) return {};
  return LedgerRecord{*shard,
                      *generation,
                      std::move(*prints),
                      {std::move(*part), std::move(*rejects), std::move(*reasons)}};
}

}  // namespace

Result<std::unique_ptr<Ledger>> Ledger::open(Disk& disk, const std::filesystem::path& path) {
  std::unique_ptr<Ledger> ledger(new Ledger(disk, path));
  KALE_OK(ledger->load());
  return ledger;
}

Status Ledger::load() {
  auto text = disk_.read(path_, kStateFileBytesMax);
  if (!text) {
    if (text.error().code == Code::kNotFound) return {};
    return std::move(text).error();
  }
  KALE_TRY(auto lines, parse_record_lines(*text, kVersionLine, path_.string()));
  for (std::string_view payload : lines.payloads) {
    auto record = from_payload(payload);
    if (!record) continue;
    LedgerRecord& slot = records_[record->shard];
    if (slot.prints.empty() || record->generation >= slot.generation) slot = std::move(*record);
  }
  must_rewrite_ = lines.damaged > 0 || lines.payloads.empty();
  return {};
}

std::optional<LedgerRecord> Ledger::find(std::int64_t shard) const {
  std::lock_guard lock(mutex_);
  auto found = records_.find(shard);
  return found == records_.end() ? std::nullopt : std::optional(found->second);
}

std::vector<LedgerRecord> Ledger::newest() const {
  std::lock_guard lock(mutex_);
  std::vector<LedgerRecord> records;
  for (const auto& [shard, record] : records_) records.push_back(record);
  std::sort(records.begin(), records.end(),
            [](const auto& a, const auto& b) { return a.shard < b.shard; });
  return records;
}

Status Ledger::open_for_append() {
  if (file_) return {};
  if (must_rewrite_) {
    std::string text = fmt::format("{}\n", kVersionLine);
    for (const auto& [shard, record] : records_) text += record_line(to_payload(record));
    KALE_OK(write_whole_file(disk_, path_, text));
    must_rewrite_ = false;
  }
  KALE_TRY(file_, disk_.append_to(path_));
  return {};
}

Status Ledger::append(const LedgerRecord& record) {
  std::lock_guard lock(mutex_);
  KALE_OK(open_for_append());
  KALE_OK(file_->append(record_line(to_payload(record))));
  KALE_OK(file_->sync());
  records_[record.shard] = record;
  return {};
}

}  // namespace kale
