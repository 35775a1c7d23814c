#include "kale/write/card.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace kale {
namespace {

Card small_card() {
  Card card;
  card.name = "Birds: \"a\" set";
  card.licence = "cc-by-4.0";
  card.language = "en";
  Row row;
  row.caption = "a bird";
  row.filled = {Column::kCaption};
  card.statistics.add(row);
  card.formats = {&format_table().front()};
  return card;
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

TEST(Card, FrontMatterIsYamlWhateverTheNameHolds) {
  std::string text = render_card(small_card());
  EXPECT_TRUE(text.starts_with("---\npretty_name: \"Birds: \\\"a\\\" set\"\n")) << text;
  EXPECT_TRUE(has(text, "license: \"cc-by-4.0\""));
}

TEST(Card, SaysSoWhereNothingIsKnown) {
  std::string text = render_card(small_card());
  EXPECT_TRUE(has(text, "No provenance was recorded."));
  EXPECT_TRUE(has(text, "No model was asked."));
  EXPECT_TRUE(has(text, "None was left out."));
}

TEST(Card, TableCellsStayInTheirCells) {
  Card card = small_card();
  card.reasons["fail:a|b\nc"] = 1234567;
  EXPECT_TRUE(has(render_card(card), "| failed | `a/b c` | 1,234,567 |"));
}

// A shard redone with another model leaves rows of both.
TEST(Card, NamesAllModelsOfAllShards) {
  Card card = small_card();
  for (const char* model : {R"({"id":"m1","xxh128":"aa"})", R"({"id":"m2","xxh128":"bb"})"})
    card.provenances.insert(
        fmt::format(R"({{"kale":"0.1.0","steps":{{"fuse":{{"models":[{}]}}}}}})", model));
  card.provenances.insert("not json");
  std::string text = render_card(card);
  EXPECT_TRUE(has(text, "| yes | m1, m2 |")) << text;
  EXPECT_TRUE(has(text, "| fuse | m1 | `aa` |"));
  EXPECT_TRUE(has(text, "| fuse | m2 | `bb` |"));
}

TEST(Card, TellsWhetherAStudentWroteTheCaptions) {
  Card card = small_card();
  EXPECT_TRUE(has(render_card(card), "after the first stage of BLIP3-KALE"));
  card.provenances.insert(
      R"({"kale":"0.1.0","steps":{"caption":{"models":[{"id":"s1","xxh128":"aa"}]}}})");
  Row row;
  row.fused_by = "student";
  row.filled = {Column::kFusedBy};
  card.statistics.add(row);
  std::string text = render_card(card);
  EXPECT_TRUE(has(text, "after the two stages of BLIP3-KALE"));
  EXPECT_TRUE(has(text, "| yes | s1 |")) << text;
  card.statistics = {};
  card.statistics.add(row);
  EXPECT_TRUE(has(render_card(card), "after the second stage of BLIP3-KALE"));
}

TEST(Card, TellsHowToLoadEachFormatAndWhichIsTheHubs) {
  Card card = small_card();
  EXPECT_TRUE(has(render_card(card), "    path: core/*.parquet\n---"));
  EXPECT_FALSE(has(render_card(card), "WebDataset("));
  card.formats.clear();
  for (const FormatInfo& info : format_table())
    if (info.name != "parquet") card.formats.push_back(&info);
  std::string text = render_card(card);
  EXPECT_TRUE(has(text, "    path: webdataset/*.tar\n---")) << text;
  for (const char* loader : {"WebDataset(", "load_dataset(\"imagefolder\"", "`captions/`"})
    EXPECT_TRUE(has(text, loader)) << loader << "\n" << text;
}

TEST(Card, SaysWhetherPicturesArePartOfIt) {
  Card card = small_card();
  EXPECT_TRUE(has(render_card(card), "they are not part of this dataset"));
  EXPECT_FALSE(has(render_card(card), "| `image` |"));
  card.image_bytes = true;
  card.pictures_not_raster = 1200;
  std::string text = render_card(card);
  EXPECT_FALSE(has(text, "they are not part of this dataset"));
  EXPECT_TRUE(has(text, "went |\n| `image` | the encoded picture, as it was; 1,200 rows")) << text;
}

TEST(Card, SizeCategoriesAreTheHubs) {
  EXPECT_EQ(size_category(0), "n<1K");
  EXPECT_EQ(size_category(999), "n<1K");
  EXPECT_EQ(size_category(1000), "1K<n<10K");
  EXPECT_EQ(size_category(218'000'000), "100M<n<1B");
  EXPECT_EQ(size_category(5'000'000'000'000), "n>1T");
}

}  // namespace
}  // namespace kale
