#include "kale/train_log/train_log.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "kale/io/disk_fake.h"
#include "kale/io/temp_folder.h"
#include "kale/train_log/pace.h"

namespace kale {
namespace {

StepRecord record_at(std::int64_t step) {
  StepRecord record;
  record.step = step;
  record.stage = "align";
  record.loss = 8.0 / static_cast<double>(step);
  record.rate = 1e-3;
  record.rows = 16;
  record.tokens = 640;
  record.gradient_norm = 1.25;
  record.seconds = 2;
  record.waited_seconds = 0.5;
  record.device_bytes = std::int64_t{3} << 30;
  return record;
}

std::vector<std::int64_t> steps_in(const std::filesystem::path& folder) {
  std::vector<std::int64_t> steps;
  auto log = RecordLog::open(real_disk(), folder / kRecordsFile, 1 << 30,
                             [&](const StepRecord& record) { steps.push_back(record.step); });
  EXPECT_TRUE(log);
  return steps;
}

std::string text_of(const std::filesystem::path& path) {
  auto text = real_disk().read(path, 1 << 24);
  EXPECT_TRUE(text);
  return std::move(text).value_or("");
}

TEST(Record, ALineReadsBackAsItself) {
  StepRecord record = record_at(7);
  record.stage = "tune \"all\"\n";
  record.loss = 1.0 / 3;
  record.validation = {{"loss", 2.5}, {"CIDEr-D", 0.1}};
  const std::string line = record_line(record);
  EXPECT_EQ(line.find('\n'), std::string::npos);
  EXPECT_EQ(read_record(line), record);
  EXPECT_TRUE(line.starts_with("{\"step\":7,")) << line;
}

TEST(Record, ALossThatIsNoNumberIsStillALine) {
  StepRecord record = record_at(7);
  record.loss = std::nan("");
  record.gradient_norm = std::numeric_limits<double>::infinity();
  const auto read = read_record(record_line(record));
  ASSERT_TRUE(read);
  EXPECT_TRUE(std::isnan(read->loss));
  EXPECT_TRUE(std::isnan(read->gradient_norm));
  EXPECT_EQ(read->tokens, 640);
}

TEST(Record, OtherLinesAreNone) {
  const std::string line = record_line(record_at(7));
  for (const std::string& other :
       {std::string(), std::string("[]"), std::string("{\"step\":7}"), line.substr(0, 40),
        std::string("{\"step\":\"7\"") + line.substr(9)})
    EXPECT_FALSE(read_record(other)) << other;
}

TEST(TrainLog, GoesOnBehindACheckpointAndForgetsTheStepsAfterIt) {
  TempFolder folder;
  {
    auto log = TrainLog::open(real_disk(), folder.path(), 0);
    ASSERT_TRUE(log);
    for (int step = 1; step <= 5; ++step) ASSERT_TRUE(log->add(record_at(step)));
  }  // killed: never closed
  EXPECT_EQ(steps_in(folder.path()), (std::vector<std::int64_t>{1, 2, 3, 4, 5}));
  auto log = TrainLog::open(real_disk(), folder.path(), 3);
  ASSERT_TRUE(log);
  StepRecord again = record_at(4);
  again.loss = 9;
  ASSERT_TRUE(log->add(again));
  ASSERT_TRUE(log->close());
  EXPECT_EQ(steps_in(folder.path()), (std::vector<std::int64_t>{1, 2, 3, 4}));
  EXPECT_NE(text_of(folder.path() / kRecordsFile).find("\"loss\":9.0"), std::string::npos);
  EXPECT_TRUE(std::filesystem::exists(folder.path() / "events.out.tfevents.000002"));
}

TEST(TrainLog, AFileCutAtAnyByteKeepsItsWholeLines) {
  TempFolder folder;
  const std::filesystem::path path = folder.path() / kRecordsFile;
  const std::string first = record_line(record_at(1)) + "\n";
  const std::string both = first + record_line(record_at(2)) + "\n";
  for (std::size_t bytes = 0; bytes <= both.size(); ++bytes) {
    ASSERT_TRUE(write_whole_file(real_disk(), path, both.substr(0, bytes)));
    std::size_t whole = 0;
    auto log = RecordLog::open(real_disk(), path, 10, [&](const StepRecord&) { ++whole; });
    ASSERT_TRUE(log);
    EXPECT_EQ(whole, (bytes >= first.size() ? 1U : 0U) + (bytes == both.size() ? 1U : 0U));
    ASSERT_TRUE(log->add(record_at(3)));
    ASSERT_TRUE(log->close());
    const std::string kept = whole == 2 ? both : whole == 1 ? first : "";
    EXPECT_EQ(text_of(path), kept + record_line(record_at(3)) + "\n");
  }
}

TEST(TrainLog, RewindingIsWholeOrNotAtAll) {
  TempFolder folder;
  const std::filesystem::path path = folder.path() / kRecordsFile;
  std::string text;
  for (int step = 1; step <= 4; ++step) text += record_line(record_at(step)) + "\n";
  auto ignore = [](const StepRecord&) {};
  for (int broken = 1;; ++broken) {
    ASSERT_TRUE(write_whole_file(real_disk(), path, text));
    int change = 0;
    FaultDisk disk(real_disk(), [&](std::string_view, const std::filesystem::path&) -> Status {
      if (++change != broken) return {};
      return Error{Code::kIo, "no space left"};
    });
    auto log = RecordLog::open(disk, path, 2, ignore);
    if (log) {
      EXPECT_GT(broken, 5) << "aside: create, append, sync, close, rename; then the opening";
      break;
    }
    EXPECT_EQ(log.error().message, "no space left");
    const std::size_t lines = steps_in(folder.path()).size();
    EXPECT_TRUE(lines == 4 || lines == 2) << lines;
  }
}

TEST(TrainLog, TheCurveHoldsTheStepsBeforeTheResumeToo) {
  TempFolder folder;
  {
    auto log = TrainLog::open(real_disk(), folder.path(), 0, {.curve_every_steps = 2});
    ASSERT_TRUE(log);
    ASSERT_TRUE(log->add(record_at(1)));
    EXPECT_FALSE(std::filesystem::exists(folder.path() / kCurveFile)) << "not due yet";
    ASSERT_TRUE(log->add(record_at(2)));
    EXPECT_TRUE(std::filesystem::exists(folder.path() / kCurveFile));
    ASSERT_TRUE(log->add(record_at(3)));
    ASSERT_TRUE(log->close());
  }
  const std::string whole = text_of(folder.path() / kCurveFile);
  auto log = TrainLog::open(real_disk(), folder.path(), 2);
  ASSERT_TRUE(log);
  ASSERT_TRUE(log->add(record_at(3)));
  ASSERT_TRUE(log->close());
  EXPECT_EQ(text_of(folder.path() / kCurveFile), whole);
}

TEST(LossCurve, ManyStepsAreMeansInBoundedMemory) {
  LossCurve few, many;
  for (int step = 1; step <= 4; ++step) few.add(record_at(step));
  StepRecord record = record_at(1);
  for (int step = 1; step <= 10 * static_cast<int>(kCurvePointsMax); ++step) {
    record.step = step;
    record.loss = step % 2 == 0 ? 1 : 3;
    many.add(record);
  }
  auto points_of = [](const std::string& svg) {
    const std::size_t begin = svg.find("points=\"") + 8;
    const std::string points = svg.substr(begin, svg.find('"', begin) - begin);
    return std::count(points.begin(), points.end(), ',');
  };
  EXPECT_EQ(points_of(few.svg("")), 4);
  EXPECT_LE(points_of(many.svg("")), static_cast<std::ptrdiff_t>(kCurvePointsMax));
  EXPECT_GE(points_of(many.svg("")), static_cast<std::ptrdiff_t>(kCurvePointsMax) / 2);
  // Each mean of neighbours is 2, so the line is flat: all its points have one height.
  const std::string svg = many.svg("");
  const std::size_t first = svg.find(',', svg.find("points=\""));
  const std::string height = svg.substr(first, svg.find(' ', first) - first);
  EXPECT_EQ(svg.find(' ' + height, first), std::string::npos);
  std::size_t alike = 0;
  for (std::size_t at = first; at != std::string::npos; at = svg.find(height, at + 1)) ++alike;
  EXPECT_EQ(alike, static_cast<std::size_t>(points_of(svg)));
}

TEST(LossCurve, ValidationsAreLinesOfTheirOwn) {
  LossCurve curve;
  StepRecord record = record_at(1);
  record.validation = {{"loss on held-out rows", 4}};
  curve.add(record);
  curve.add(record_at(2));
  const std::string svg = curve.svg("align");
  EXPECT_NE(svg.find("loss on held-out rows"), std::string::npos);
  EXPECT_NE(svg.find("<circle"), std::string::npos);
}

TEST(Pace, ALineSaysHowFastAndHowLong) {
  Pace pace(100);
  EXPECT_EQ(pace.line(), "");
  for (int step = 1; step <= 25; ++step) pace.add(record_at(step));
  EXPECT_EQ(pace.line(),
            "align  step 25/100  loss 0.3200  rate 1.00e-03  8.0 samples/s  320 tokens/s  "
            "ETA 2:30  device 3.0 GiB  25 % waiting for data");
}

TEST(Pace, OldStepsAreForgotten) {
  Pace pace(100);
  for (int step = 1; step <= 40; ++step) {
    StepRecord record = record_at(step);
    record.seconds = step <= 20 ? 100 : 1;
    record.waited_seconds = 0;
    record.device_bytes = 0;
    pace.add(record);
  }
  EXPECT_EQ(pace.line(),
            "align  step 40/100  loss 0.2000  rate 1.00e-03  16.0 samples/s  640 tokens/s  "
            "ETA 1:00  0 % waiting for data");
}

}  // namespace
}  // namespace kale
