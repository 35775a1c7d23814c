#include "kale/tokens/tokenizer.h"

#include <gtest/gtest.h>

#include <thread>

#include "kale/io/temp_folder.h"
#include "kale/models/vocabulary_fake.h"

namespace kale {
namespace {

using Tokens = std::vector<std::int64_t>;

std::unique_ptr<Tokenizer> tokenizer_of(const nlohmann::json& json) {
  TempFolder temp;
  KALE_CHECK(write_whole_file(real_disk(), temp.path() / "tokenizer.json", json.dump()).has_value(),
             "the temporary folder takes a file");
  auto made = Tokenizer::open(real_disk(), temp.path());
  KALE_CHECK(made.has_value(), describe_error(made.error()));
  return std::move(*made);
}

TEST(Tokenizer, MergesAsItsVocabularySays) {
  auto tokenizer = tokenizer_of(fake_vocabulary());
  EXPECT_EQ(tokenizer->encode("hello world"), (Tokens{259, 'o', 258, 'o', 'r', 'l', 'd'}));
  EXPECT_EQ(tokenizer->encode(""), Tokens{});
  EXPECT_EQ(tokenizer->encode("\xC3\xA9"), (Tokens{0xC3, 0xA9}));
  EXPECT_EQ(tokenizer->size(), 263);
  EXPECT_EQ(tokenizer->id_of("<image>"), 261);
  EXPECT_EQ(tokenizer->id_of("<video>"), std::nullopt);
  EXPECT_EQ(tokenizer->begins(), std::nullopt);
}

TEST(Tokenizer, SpecialTokensInATextAreText) {
  auto tokenizer = tokenizer_of(fake_vocabulary());
  for (std::string text : {"a <image> b", "<|end|>", "x<|end|><image>"}) {
    Tokens tokens = tokenizer->encode(text);
    EXPECT_EQ(std::count(tokens.begin(), tokens.end(), 260), 0) << text;
    EXPECT_EQ(std::count(tokens.begin(), tokens.end(), 261), 0) << text;
    EXPECT_EQ(tokenizer->decode(tokens), text);
  }
  EXPECT_EQ(tokenizer->encode("<b>"), Tokens{262}) << "added, and not special";
}

TEST(Tokenizer, DecodesToValidTextWithoutSpecialTokens) {
  auto tokenizer = tokenizer_of(fake_vocabulary());
  EXPECT_EQ(tokenizer->decode(Tokens{260, 'a', 261, 262, 259, 260, -1, 999}), "a<b>hell");
  EXPECT_EQ(tokenizer->decode(Tokens{0xC3}), "\xEF\xBF\xBD");
}

TEST(Tokenizer, ATextThatIsNoUtf8IsStillRead) {
  auto tokenizer = tokenizer_of(fake_vocabulary());
  EXPECT_EQ(tokenizer->decode(tokenizer->encode("a\xFF\x62")), "a\xEF\xBF\xBD\x62");
}

TEST(Tokenizer, ComposesMarksWhereItsFileSaysSo) {
  auto json = fake_vocabulary();
  EXPECT_EQ(tokenizer_of(json)->encode("e\xCC\x81"), (Tokens{'e', 0xCC, 0x81}));
  json["normalizer"] = {{"type", "NFC"}};
  EXPECT_EQ(tokenizer_of(json)->encode("e\xCC\x81"), (Tokens{0xC3, 0xA9}));
}

TEST(Tokenizer, LongTextsAndManyThreads) {
  auto tokenizer = tokenizer_of(fake_vocabulary());
  std::string text;
  while (text.size() < 300'000) text += "hello  123 \t\n wwwwww";
  text.append(100'000, ' ');
  const Tokens expected = tokenizer->encode(text);
  EXPECT_EQ(tokenizer->decode(expected), text);
  std::vector<std::thread> threads;
  std::vector<int> same(4);
  for (int& one : same)
    threads.emplace_back([&] { one = tokenizer->encode(text) == expected ? 1 : 0; });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(same, std::vector<int>(4, 1));
}

TEST(Tokenizer, NamesTheFileThatIsMissing) {
  TempFolder temp;
  auto made = Tokenizer::open(real_disk(), temp.path());
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, Code::kNotFound);
  EXPECT_NE(made.error().message.find("tokenizer.json"), std::string::npos);
}

}  // namespace
}  // namespace kale
