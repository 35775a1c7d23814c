#include "kale/read/words.h"

#include <gtest/gtest.h>

namespace kale {
namespace {

constexpr WordRules kRules = {
    .confidence_min = 0.6, .short_confidence_min = 0.95, .height_min = 0.02};

OcrWord word(std::string text, double confidence, double x = 0.1, double y = 0.1) {
  return {std::move(text), {x, y, 0.2, 0.1}, confidence};
}

std::vector<std::string> kept(std::vector<OcrWord> words) {
  std::vector<std::string> texts;
  for (const OcrWord& one : keep_words(std::move(words), kRules)) texts.push_back(one.text);
  return texts;
}

using Texts = std::vector<std::string>;

TEST(Words, TheShorterTheSurer) {
  EXPECT_EQ(kept({word("HOSPITAL", 0.61), word("STOP", 0.85), word("12", 0.96)}),
            (Texts{"HOSPITAL", "STOP", "12"}));
  EXPECT_EQ(kept({word("HOSPITAL", 0.59), word("STOP", 0.75), word("KS", 0.94)}), Texts{});
}

TEST(Words, TexturesAreNotWords) {
  EXPECT_EQ(kept({word("|", 0.99), word("~=", 0.99), word("a", 0.99), word("..i..", 0.99),
                  word("aBcDe", 0.99), word("", 0.99)}),
            Texts{});
}

TEST(Words, LooseSignsAroundAWordGo) {
  EXPECT_EQ(kept({word("[SCHOOL|", 0.9), word("“Exit.”", 0.9)}), (Texts{"SCHOOL", "“Exit.”"}));
}

TEST(Words, LowAndEmptyBoxesAreNotRead) {
  OcrWord low = word("HOSPITAL", 0.99);
  low.box[3] = 0.01;
  OcrWord empty = word("HOSPITAL", 0.99);
  empty.box[2] = 0;
  EXPECT_EQ(kept({low, empty}), Texts{});
}

TEST(Words, OtherScriptsAreWords) {
  EXPECT_EQ(kept({word("ГОСТИНИЦА", 0.9), word("Straße", 0.9)}), (Texts{"ГОСТИНИЦА", "Straße"}));
}

TEST(Words, JoinsByLines) {
  EXPECT_EQ(join_words({word("NO", 0.9, 0.1, 0.1), word("PARKING", 0.9, 0.4, 0.11),
                        word("TODAY", 0.9, 0.1, 0.4)}),
            "NO PARKING\nTODAY");
  EXPECT_EQ(join_words({}), "");
}

TEST(Words, DensityCountsOverlapsOnce) {
  EXPECT_NEAR(text_density_of({word("STOP", 0.9), word("STOP", 0.9)}), 0.02, 0.001);
  EXPECT_NEAR(text_density_of({{"wide", {-1, -1, 9, 9}, 0.9}}), 1, 0.001);
  EXPECT_EQ(text_density_of({}), 0);
}

TEST(Words, ParsesOnlyWhatIsRight) {
  auto words = parse_ocr_words(R"({"words":[{"text":"STOP","box":[0,0.1,0.2,0.3],)"
                               R"("confidence":0.9}]})");
  ASSERT_TRUE(words);
  ASSERT_EQ(words->size(), 1U);
  EXPECT_EQ(words->front().box[3], 0.3);
  for (const char* json : {"", "[]", "{}", R"({"words":3})", R"({"words":[{"text":"a"}]})",
                           R"({"words":[{"text":"a","box":[1,2],"confidence":1}]})",
                           R"({"words":[{"text":"a","box":[1,2,3,"x"],"confidence":1}]})"}) {
    EXPECT_FALSE(parse_ocr_words(json)) << json;
  }
  EXPECT_EQ(ocr_words_json(*words),
            R"([{"text":"STOP","box":[0.0,0.1,0.2,0.3],"confidence":0.9}])");
}

}  // namespace
}  // namespace kale
