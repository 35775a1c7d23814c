// Reads event files with a decoder of its own, which shares no line with the writer.
#include "kale/train_log/events.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <map>
#include <vector>

#include "kale/io/temp_folder.h"

namespace kale {
namespace {

namespace fs = std::filesystem;

// Bit by bit, as the polynomial is defined.
std::uint32_t slow_crc(std::string_view bytes) {
  std::uint32_t crc = 0xffffffff;
  for (const char byte : bytes)
    for (int bit = 0; bit < 8; ++bit) {
      const bool odd = ((crc ^ (static_cast<unsigned char>(byte) >> bit)) & 1) != 0;
      crc = (crc >> 1) ^ (odd ? 0x82f63b78U : 0U);
    }
  return ~crc;
}

std::uint64_t number_at(std::string_view bytes, std::size_t at, std::size_t size) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < size; ++i)
    value += static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[at + i])) << (8 * i);
  return value;
}

bool checks(std::string_view bytes, std::uint64_t stored) {
  const std::uint32_t crc = slow_crc(bytes);
  return stored == static_cast<std::uint32_t>(((crc >> 15) | (crc << 17)) + 0xa282ead8U);
}

std::vector<std::string> records_in(std::string_view file) {
  std::vector<std::string> records;
  while (!file.empty()) {
    const std::size_t length = number_at(file, 0, 8);
    EXPECT_TRUE(checks(file.substr(0, 8), number_at(file, 8, 4)));
    EXPECT_TRUE(checks(file.substr(12, length), number_at(file, 12 + length, 4)));
    records.emplace_back(file.substr(12, length));
    file.remove_prefix(16 + length);
  }
  return records;
}

// A message's fields in order; numbers and floats stand as their bits.
struct Field {
  std::uint64_t number = 0;
  std::string bytes;
};
using Message = std::multimap<int, Field>;

std::uint64_t varint(std::string_view& bytes) {
  std::uint64_t value = 0;
  for (int shift = 0;; shift += 7) {
    const auto byte = static_cast<unsigned char>(bytes.front());
    bytes.remove_prefix(1);
    value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
    if (byte < 0x80) return value;
  }
}

Message message_of(std::string_view bytes) {
  Message message;
  while (!bytes.empty()) {
    const std::uint64_t key = varint(bytes);
    Field field;
    const std::uint64_t wire = key & 7;
    if (wire == 0) {
      field.number = varint(bytes);
    } else if (wire == 2) {
      field.bytes = bytes.substr(0, 0);
      const std::size_t size = varint(bytes);
      field.bytes = bytes.substr(0, size);
      bytes.remove_prefix(size);
    } else {
      const std::size_t size = wire == 1 ? 8 : 4;
      field.number = number_at(bytes, 0, size);
      bytes.remove_prefix(size);
    }
    message.emplace(static_cast<int>(key >> 3), field);
  }
  return message;
}

template <class Float, class Bits>
Float as_float(std::uint64_t number) {
  const auto bits = static_cast<Bits>(number);
  Float value = 0;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

const Field& only(const Message& message, int field) {
  EXPECT_EQ(message.count(field), 1U) << "field " << field;
  return message.find(field)->second;
}

TEST(Events, ChecksumsAreCastagnolis) {
  EXPECT_EQ(crc32c("123456789"), 0xe3069283U);            // the check value of the catalogue
  EXPECT_EQ(crc32c(std::string(32, '\0')), 0x8a9136aaU);  // RFC 3720, B.4
  EXPECT_EQ(crc32c(std::string(32, '\xff')), 0x62a8ab43U);
  EXPECT_EQ(crc32c("any other text"), slow_crc("any other text"));
}

TEST(Events, AFileSaysWhatTensorBoardExpects) {
  TempFolder folder;
  double now = 1000.25;
  auto events = EventFile::open(real_disk(), folder.path(), 0, [&] { return now; });
  ASSERT_TRUE(events);
  now = 1001.5;
  const std::vector<Scalar> scalars = {{"train/loss", 2.5}, {"train/rate", 1e-5}};
  ASSERT_TRUE(events->add(300, scalars));
  const std::vector<Scalar> odd = {{"x", std::nan("")}};
  ASSERT_TRUE(events->add(301, odd));
  ASSERT_TRUE(events->close());

  const auto file = real_disk().read(folder.path() / "events.out.tfevents.000001", 1 << 20);
  ASSERT_TRUE(file);
  const auto records = records_in(*file);
  ASSERT_EQ(records.size(), 4U);
  const Message version = message_of(records[0]);
  EXPECT_EQ((as_float<double, std::uint64_t>(only(version, 1).number)), 1000.25);
  EXPECT_EQ(only(version, 3).bytes, "brain.Event:2");
  const Message start = message_of(records[1]);
  EXPECT_EQ(only(start, 2).number, 1U);
  EXPECT_EQ(only(message_of(only(start, 7).bytes), 1).number, 1U) << "SessionLog.START";

  const Message step = message_of(records[2]);
  EXPECT_EQ((as_float<double, std::uint64_t>(only(step, 1).number)), 1001.5);
  EXPECT_EQ(only(step, 2).number, 300U);
  std::map<std::string, float> values;
  const Message summary = message_of(only(step, 5).bytes);
  for (auto [at, end] = summary.equal_range(1); at != end; ++at) {
    const Message value = message_of(at->second.bytes);
    values[only(value, 1).bytes] = as_float<float, std::uint32_t>(only(value, 2).number);
  }
  EXPECT_EQ(values, (std::map<std::string, float>{{"train/loss", 2.5F}, {"train/rate", 1e-5F}}));
  const Message last = message_of(only(message_of(records[3]), 5).bytes);
  EXPECT_TRUE(
      std::isnan(as_float<float, std::uint32_t>(only(message_of(only(last, 1).bytes), 2).number)));
}

TEST(Events, EveryOpeningIsAFileBehindTheOthersThatPurgesLaterSteps) {
  TempFolder folder;
  ASSERT_TRUE(write_whole_file(real_disk(), folder.path() / "events.out.tfevents.000041", "torn"));
  ASSERT_TRUE(write_whole_file(real_disk(), folder.path() / "events.out.tfevents.12.host", ""));
  for (int i = 0; i < 2; ++i) {
    auto events = EventFile::open(real_disk(), folder.path(), 250);
    ASSERT_TRUE(events);
    ASSERT_TRUE(events->close());
  }
  const auto names = real_disk().list(folder.path());
  ASSERT_TRUE(names);
  EXPECT_EQ(*names, (std::vector<std::string>{
                        "events.out.tfevents.000041", "events.out.tfevents.000042",
                        "events.out.tfevents.000043", "events.out.tfevents.12.host"}));
  const auto torn = real_disk().read(folder.path() / "events.out.tfevents.000041", 100);
  EXPECT_EQ(*torn, "torn");
  const auto file = real_disk().read(folder.path() / "events.out.tfevents.000043", 1 << 20);
  const auto records = records_in(*file);
  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(only(message_of(records[1]), 2).number, 251U);
}

}  // namespace
}  // namespace kale
