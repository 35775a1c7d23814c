#include "kale/models/safetensors.h"

#include <gtest/gtest.h>

#include <cstring>

#include "kale/io/temp_folder.h"

namespace kale {
namespace {

std::string file_of(std::string header, std::string_view data) {
  std::string file;
  for (int i = 0; i < 8; ++i) file += static_cast<char>((header.size() >> (8 * i)) & 0xFF);
  return file + header + std::string(data);
}

const std::string kTwo = R"({"__metadata__":{"architecture":"toy"},)"
                         R"("a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},)"
                         R"("b":{"dtype":"U8","shape":[2,1],"data_offsets":[8,10]}})";

Code code_of(std::string header, std::string_view data = "0123456789") {
  auto parsed = Safetensors::parse(file_of(std::move(header), data), "toy");
  return parsed ? Code::kCancelled : parsed.error().code;
}

TEST(Safetensors, ReadsTensorsAndMetadata) {
  auto parsed = Safetensors::parse(file_of(kTwo, "0123456789"), "toy");
  ASSERT_TRUE(parsed) << describe_error(parsed.error());
  Safetensors tensors = std::move(*parsed);
  EXPECT_EQ(tensors.metadata().at("architecture"), "toy");
  EXPECT_EQ(tensors.tensors().size(), 2U);
  EXPECT_EQ(tensors.tensors().at("a").bytes, "01234567");
  EXPECT_EQ(tensors.tensors().at("b").bytes, "89");
  EXPECT_EQ(tensors.tensors().at("b").shape, (std::vector<std::int64_t>{2, 1}));
  EXPECT_EQ(tensors.tensors().at("b").elements(), 2);
}

TEST(Safetensors, RefusesAFileCutAtAnyLength) {
  std::string file = file_of(kTwo, "0123456789");
  for (std::size_t length = 0; length < file.size(); ++length) {
    auto parsed = Safetensors::parse(file.substr(0, length), "toy");
    ASSERT_FALSE(parsed) << length;
    EXPECT_EQ(parsed.error().code, Code::kCorrupt) << length;
  }
}

TEST(Safetensors, RefusesNumbersThatDoNotFit) {
  EXPECT_EQ(code_of(R"({"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}})"), Code::kCorrupt);
  EXPECT_EQ(code_of(R"({"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}})"), Code::kCorrupt);
  EXPECT_EQ(code_of(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}})"), Code::kCorrupt);
  EXPECT_EQ(code_of(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}})"), Code::kCorrupt);
  EXPECT_EQ(code_of(R"({"a":{"dtype":"X32","shape":[2],"data_offsets":[0,8]}})"), Code::kCorrupt);
  EXPECT_EQ(code_of(R"({"a":{"dtype":"F32","shape":[2.5],"data_offsets":[0,8]}})"), Code::kCorrupt);
  EXPECT_EQ(code_of(R"({"a":7})"), Code::kCorrupt);
  EXPECT_EQ(code_of(R"([1,2])"), Code::kCorrupt);
}

TEST(Safetensors, RefusesShapesWhoseProductOverflows) {
  EXPECT_EQ(code_of(R"({"a":{"dtype":"F32","shape":[4294967296,4294967296],)"
                    R"("data_offsets":[0,0]}})"),
            Code::kCorrupt);
  EXPECT_EQ(code_of(R"({"a":{"dtype":"F32","shape":[0,18446744073709551615],)"
                    R"("data_offsets":[0,0]}})"),
            Code::kCorrupt);
}

TEST(Safetensors, RefusesOverlappingTensors) {
  EXPECT_EQ(code_of(R"({"a":{"dtype":"U8","shape":[8],"data_offsets":[0,8]},)"
                    R"("b":{"dtype":"U8","shape":[4],"data_offsets":[6,10]}})"),
            Code::kCorrupt);
}

TEST(Safetensors, RefusesAHeaderOverTheLimit) {
  std::string file(8, '\0');
  file[7] = 0x7F;
  auto parsed = Safetensors::parse(file, "toy");
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().code, Code::kLimit);
}

TEST(Safetensors, WritesWhatItReads) {
  TempFolder temp;
  auto path = temp.path() / "model.safetensors";
  std::map<std::string, Tensor, std::less<>> tensors = {
      {"a", {"F32", {2}, "01234567"}}, {"b.c", {"U8", {2, 1}, "89"}}, {"scalar", {"U8", {}, "x"}}};
  ASSERT_TRUE(write_safetensors(real_disk(), path, tensors, {{"format", "pt"}}));
  auto bytes = real_disk().read(path, 1 << 20);
  ASSERT_TRUE(bytes);
  EXPECT_EQ((bytes->size() - 11) % 8, 0U) << "tensors begin aligned";
  auto parsed = Safetensors::parse(std::move(*bytes), "file");
  ASSERT_TRUE(parsed) << describe_error(parsed.error());
  EXPECT_EQ(parsed->metadata().at("format"), "pt");
  EXPECT_EQ(parsed->tensors().at("b.c").bytes, "89");
  EXPECT_EQ(parsed->tensors().at("scalar").shape, std::vector<std::int64_t>{});

  auto file = SafetensorsFile::open(real_disk(), path);
  ASSERT_TRUE(file) << describe_error(file.error());
  for (const auto& [name, tensor] : tensors) {
    const TensorPlace& place = file->tensors().at(name);
    std::string read(static_cast<std::size_t>(place.bytes), '\0');
    ASSERT_TRUE(file->read(place, read));
    EXPECT_EQ(read, tensor.bytes) << name;
    EXPECT_EQ(place.shape, tensor.shape) << name;
    EXPECT_EQ(place.dtype, tensor.dtype) << name;
  }
}

TEST(Safetensors, AFileOnDiskThatIsCutAtAnyLengthIsRefused) {
  TempFolder temp;
  auto path = temp.path() / "cut.safetensors";
  std::string whole = file_of(kTwo, "0123456789");
  for (std::size_t length = 0; length < whole.size(); ++length) {
    ASSERT_TRUE(write_whole_file(real_disk(), path, whole.substr(0, length)));
    auto file = SafetensorsFile::open(real_disk(), path);
    ASSERT_FALSE(file) << length;
    EXPECT_EQ(file.error().code, Code::kCorrupt) << length;
  }
}

}  // namespace
}  // namespace kale
