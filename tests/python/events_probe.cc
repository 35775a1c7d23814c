// Writes what a training run leaves that was killed behind step 5 and went on from step 3.
#include <fmt/format.h>

#include "kale/train_log/train_log.h"

namespace {

kale::Status train(const char* folder, std::int64_t from, std::int64_t to, double loss) {
  KALE_TRY(auto log, kale::TrainLog::open(kale::real_disk(), folder, from));
  for (std::int64_t step = from + 1; step <= to; ++step) {
    kale::StepRecord record;
    record.step = step;
    record.stage = "align";
    record.loss = loss;
    record.rate = 1e-3;
    record.rows = 16;
    record.seconds = 2;
    if (step == 4) record.validation = {{"loss", loss / 2}};
    KALE_OK(log.add(record));
  }
  return {};
}

}  // namespace

int main(int count, char** words) {
  if (count != 2) return 2;
  for (const auto& status : {train(words[1], 0, 5, 8), train(words[1], 3, 6, 4)}) {
    if (status) continue;
    fmt::print(stderr, "{}\n", kale::describe_error(status.error()));
    return 1;
  }
  return 0;
}
