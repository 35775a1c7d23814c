// Any bytes as a journal: it loads, what is recorded afterwards is found again, and what was found
// before is found still.
#include <cstring>

#include "kale/io/digest.h"
#include "kale/resume/journal.h"
#include "tests/fuzz/input.h"
#include "tests/fuzz/memory_disk.h"

namespace kale {
namespace {

std::string number(std::uint64_t value) {
  std::string bytes(sizeof value, '\0');
  std::memcpy(bytes.data(), &value, sizeof value);
  return bytes;
}

std::string frame(std::string_view payload) {
  auto size = static_cast<std::uint32_t>(payload.size());
  std::string bytes(sizeof size, '\0');
  std::memcpy(bytes.data(), &size, sizeof size);
  return bytes + number(xxh3_64(payload)) + std::string(payload);
}

// One whole frame whose reply is `bytes`, then one whose payload is.
std::string framed(std::string_view bytes) {
  std::string file = "kale journal 1\n";
  file += frame(number(1) + "k" + number(bytes.size()) + std::string(bytes));
  return file + frame(bytes);
}

bool same(const Reply& a, const Reply& b) {
  bool same = a.prompt_tokens == b.prompt_tokens && a.choices.size() == b.choices.size();
  for (std::size_t i = 0; same && i < a.choices.size(); ++i)
    same = a.choices[i].text == b.choices[i].text && a.choices[i].finish == b.choices[i].finish &&
           a.choices[i].new_tokens == b.choices[i].new_tokens;
  return same;
}

void run(FuzzInput input) {
  const std::filesystem::path path = "journal";
  MemoryDisk disk;
  disk.files[path] = input.behind_checksums ? framed(input.bytes) : std::string(input.bytes);
  auto journal = Journal::open(disk, path);
  KALE_CHECK(journal, "no bytes keep a journal from loading");
  std::size_t before = (*journal)->answers();
  std::optional<Reply> found = (*journal)->find("k");

  const std::string fresh(input.bytes.size() + 2, 'n');  // longer than any key in the file
  Reply reply{{{"text", Finish::kStop, 1}}, 2};
  KALE_CHECK((*journal)->record(fresh, reply), "a loaded journal goes on");
  if (found) KALE_CHECK((*journal)->record(fresh + "k", *found), "what was read can be written");
  KALE_CHECK((*journal)->sync(), "memory syncs");
  auto again = Journal::open(disk, path);
  KALE_CHECK(again, "a journal loads after it was written");
  KALE_CHECK((*again)->answers() == before + (found ? 2 : 1), "nothing is lost or made up");
  auto recalled = (*again)->find(fresh);
  KALE_CHECK(recalled && same(*recalled, reply), "what was recorded is found");
  auto still = (*again)->find("k");
  KALE_CHECK(still.has_value() == found.has_value(), "what was found before is found still");
  if (!found) return;
  auto copied = (*again)->find(fresh + "k");
  KALE_CHECK(same(*still, *found) && copied && same(*copied, *found), "byte for byte");
}

}  // namespace
}  // namespace kale

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  kale::run({data, size});
  return 0;
}
