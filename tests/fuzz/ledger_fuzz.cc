// Any bytes as a ledger: it loads or is refused; loaded, it gives each shard once, plans every one
// of them, and goes on.
#include "kale/resume/ledger.h"
#include "kale/resume/plan.h"
#include "kale/resume/records.h"
#include "tests/fuzz/input.h"
#include "tests/fuzz/memory_disk.h"

namespace kale {
namespace {

std::string with_checksums(std::string_view lines) {
  std::string file = "kale ledger 1\n";
  while (!lines.empty()) {
    std::size_t end = std::min(lines.find('\n'), lines.size());
    file += record_line(lines.substr(0, end));
    lines.remove_prefix(std::min(end + 1, lines.size()));
  }
  return file;
}

bool same(const LedgerRecord& a, const LedgerRecord& b) {
  return a.generation == b.generation && a.files.part.name == b.files.part.name &&
         a.files.part.rows == b.files.part.rows && a.files.part.bytes == b.files.part.bytes &&
         a.files.rejects.digest == b.files.rejects.digest && a.files.reasons == b.files.reasons &&
         a.prints.size() == b.prints.size();
}

void run(FuzzInput input) {
  const std::filesystem::path path = "ledger";
  MemoryDisk disk;
  disk.files[path] =
      input.behind_checksums ? with_checksums(input.bytes) : std::string(input.bytes);
  auto ledger = Ledger::open(disk, path);
  if (!ledger) {
    KALE_CHECK(ledger.error().code == Code::kCorrupt, "a foreign file is refused as such");
    return;
  }
  std::vector<LedgerRecord> before = (*ledger)->newest();
  const std::vector<StepPrint> prints{{"source", "aa", ""}, {"decode", "bb", ""}};
  std::int64_t last = -1;
  for (const LedgerRecord& record : before) {
    KALE_CHECK(record.shard > last, "each shard once, in order, none below 0");
    last = record.shard;
    auto plan = plan_shard(disk, "out", **ledger, prints, record.shard);
    KALE_CHECK(plan && *plan && (*plan)->generation > record.generation,
               "a shard whose files are gone is planned");
  }
  if (last == kCountMax) return;  // no shard has a number beyond it
  LedgerRecord mine;
  mine.shard = last + 1;
  mine.prints = prints;
  mine.files.part.name = "parts/p";
  mine.files.rejects.name = "rejects/r";
  KALE_CHECK((*ledger)->append(mine), "a loaded ledger goes on");
  auto again = Ledger::open(disk, path);
  KALE_CHECK(again, "a ledger loads after it was written");
  std::vector<LedgerRecord> after = (*again)->newest();
  KALE_CHECK(after.size() == before.size() + 1, "nothing is lost or made up");
  for (std::size_t i = 0; i < before.size(); ++i)
    KALE_CHECK(after[i].shard == before[i].shard && same(after[i], before[i]), "as it was");
}

}  // namespace
}  // namespace kale

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  kale::run({data, size});
  return 0;
}
