// Needs the language data eng. Text is drawn with leptonica's built-in font, so no picture is kept.
#include <gtest/gtest.h>
#include <leptonica/allheaders.h>

#include <nlohmann/json.hpp>

#include "kale/core/executor_fake.h"
#include "kale/core/rng.h"
#include "kale/engines/tesseract/tesseract.h"

namespace kale {
namespace {

PixelsPtr drawn(const char* text) {
  Pix* canvas = pixCreate(400, 160, 32);
  pixSetAll(canvas);
  L_Bmf* font = bmfCreate(nullptr, 20);
  Pix* line = pixAddTextlines(canvas, font, text, 0x00000000, L_ADD_BELOW);
  auto pixels = std::make_shared<Pixels>();
  pixels->width = pixGetWidth(line);
  pixels->height = pixGetHeight(line);
  for (int y = 0; y < pixels->height; ++y) {
    for (int x = 0; x < pixels->width; ++x) {
      l_int32 rgb[3] = {};
      pixGetRGBPixel(line, x, y, &rgb[0], &rgb[1], &rgb[2]);
      for (l_int32 value : rgb) pixels->rgb.push_back(static_cast<std::uint8_t>(value));
    }
  }
  pixDestroy(&line);
  bmfDestroy(&font);
  pixDestroy(&canvas);
  return pixels;
}

struct TesseractModelTest : testing::Test {
  void SetUp() override {
    BuildContext build{.cpu = executor, .recipe_dir = "", .engine = {}};
    auto made = make_tesseract({}, build);
    ASSERT_TRUE(made);
    engine = std::move(*made);
    Status started = engine->start();
    ASSERT_TRUE(started) << describe_error(started.error());
  }
  nlohmann::json read(PixelsPtr pixels) {
    Prompt prompt;
    prompt.images.push_back(std::move(pixels));
    auto reply = executor.run(engine->generate(std::move(prompt), {}));
    KALE_CHECK(reply.has_value(), "tesseract answers");
    return nlohmann::json::parse(reply->choices.front().text)["words"];
  }

  FakeExecutor executor;
  std::unique_ptr<Engine> engine;
};

TEST_F(TesseractModelTest, ReadsADrawnWordWithItsBox) {
  auto words = read(drawn("HOSPITAL"));
  ASSERT_FALSE(words.empty());
  EXPECT_EQ(words[0]["text"], "HOSPITAL");
  EXPECT_GT(words[0]["confidence"].get<double>(), 0.6);
  EXPECT_GT(words[0]["box"][1].get<double>(), 0.5) << "the text stands below the canvas";
  for (const auto& side : words[0]["box"]) {
    EXPECT_GE(side.get<double>(), 0);
    EXPECT_LE(side.get<double>(), 1);
  }
}

TEST_F(TesseractModelTest, AnswersAlikeWhateverItReadBefore) {
  auto first = read(drawn("SCHOOL ROAD"));
  read(drawn("HOSPITAL"));
  EXPECT_EQ(read(drawn("SCHOOL ROAD")), first);
}

TEST_F(TesseractModelTest, HoldsOnEmptyAndTinyPictures) {
  EXPECT_TRUE(read(std::make_shared<Pixels>(Pixels{1, 1, {9, 9, 9}})).empty());
  auto blank = std::make_shared<Pixels>(Pixels{300, 2, std::vector<std::uint8_t>(1800, 255)});
  EXPECT_TRUE(read(blank).empty());
}

}  // namespace
}  // namespace kale
