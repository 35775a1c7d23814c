#include "kale/train_log/events.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <chrono>

namespace kale {
namespace {

// Of tensorflow/core/util/event.proto and framework/summary.proto.
constexpr int kEventWallTime = 1, kEventStep = 2, kEventFileVersion = 3, kEventSummary = 5,
              kEventSessionLog = 7;
constexpr int kSessionStatus = 1, kSessionStart = 1;
constexpr int kSummaryValue = 1, kValueTag = 1, kValueSimple = 2;
constexpr std::string_view kFileVersion = "brain.Event:2";

constexpr std::uint32_t kPolynomial = 0x82f63b78;  // Castagnoli's, bits reversed
constexpr std::uint32_t kMaskDelta = 0xa282ead8;

constexpr std::array<std::uint32_t, 256> crc_table() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t value = i;
    for (int bit = 0; bit < 8; ++bit) value = (value >> 1) ^ ((value & 1) != 0 ? kPolynomial : 0);
    table[i] = value;
  }
  return table;
}

std::uint32_t masked_crc(std::string_view bytes) {
  return std::rotr(crc32c(bytes), 15) + kMaskDelta;
}

template <class Number>
void append_little_endian(std::string& out, Number value) {
  for (std::size_t i = 0; i < sizeof value; ++i)
    out.push_back(static_cast<char>((value >> (8 * i)) & 0xff));
}

// Protocol buffers' wire format, as far as events need it.
enum class Wire { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };

void append_varint(std::string& out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) out.push_back(static_cast<char>(value | 0x80));
  out.push_back(static_cast<char>(value));
}

void append_key(std::string& out, int field, Wire wire) {
  append_varint(out, static_cast<std::uint64_t>(field) << 3 | static_cast<std::uint64_t>(wire));
}

void append_number(std::string& out, int field, std::int64_t value) {
  append_key(out, field, Wire::kVarint);
  append_varint(out, static_cast<std::uint64_t>(value));
}

void append_double(std::string& out, int field, double value) {
  append_key(out, field, Wire::kFixed64);
  append_little_endian(out, std::bit_cast<std::uint64_t>(value));
}

void append_float(std::string& out, int field, float value) {
  append_key(out, field, Wire::kFixed32);
  append_little_endian(out, std::bit_cast<std::uint32_t>(value));
}

void append_bytes(std::string& out, int field, std::string_view bytes) {
  append_key(out, field, Wire::kBytes);
  append_varint(out, bytes.size());
  out.append(bytes);
}

// The highest number of the folder's event files, 0 where there is none.
Result<std::int64_t> last_number(Disk& disk, const std::filesystem::path& folder) {
  KALE_TRY(auto names, disk.list(folder));
  std::int64_t last = 0;
  for (const std::string& name : names) {
    if (!name.starts_with(kEventFilePrefix)) continue;
    std::int64_t number = 0;
    const char* end = name.data() + name.size();
    const auto read = std::from_chars(name.data() + kEventFilePrefix.size(), end, number);
    if (read.ec == std::errc() && read.ptr == end) last = std::max(last, number);
  }
  return last;
}

}  // namespace

std::uint32_t crc32c(std::string_view bytes) {
  static constexpr auto kTable = crc_table();
  std::uint32_t crc = ~std::uint32_t{0};
  for (const char byte : bytes)
    crc = (crc >> 8) ^ kTable[(crc ^ static_cast<unsigned char>(byte)) & 0xff];
  return ~crc;
}

std::string tfrecord_frame(std::string_view bytes) {
  std::string frame;
  append_little_endian(frame, static_cast<std::uint64_t>(bytes.size()));
  append_little_endian(frame, masked_crc(frame));
  frame.append(bytes);
  append_little_endian(frame, masked_crc(bytes));
  return frame;
}

double wall_clock() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

Result<EventFile> EventFile::open(Disk& disk, const std::filesystem::path& folder,
                                  std::int64_t after, WallClock clock) {
  KALE_TRY(const std::int64_t last, last_number(disk, folder));
  KALE_TRY(auto file, disk.create(folder / fmt::format("{}{:06}", kEventFilePrefix, last + 1)));
  EventFile events(std::move(file), std::move(clock));
  std::string version, session, start;
  append_bytes(version, kEventFileVersion, kFileVersion);
  KALE_OK(events.write(0, version));
  append_number(session, kSessionStatus, kSessionStart);
  append_bytes(start, kEventSessionLog, session);
  KALE_OK(events.write(after + 1, start));
  return events;
}

Status EventFile::add(std::int64_t step, std::span<const Scalar> scalars) {
  std::string summary, what;
  for (const Scalar& scalar : scalars) {
    std::string value;
    append_bytes(value, kValueTag, scalar.tag);
    append_float(value, kValueSimple, static_cast<float>(scalar.value));
    append_bytes(summary, kSummaryValue, value);
  }
  append_bytes(what, kEventSummary, summary);
  return write(step, what);
}

Status EventFile::write(std::int64_t step, std::string_view what) {
  std::string event;
  append_double(event, kEventWallTime, clock_());
  if (step != 0) append_number(event, kEventStep, step);
  event.append(what);
  return file_->append(tfrecord_frame(event));
}

Status EventFile::close() {
  KALE_OK(file_->sync());
  return file_->close();
}

}  // namespace kale
