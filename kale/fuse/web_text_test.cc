#include "kale/fuse/web_text.h"

#include <gtest/gtest.h>

#include "kale/core/check.h"
#include "kale/fuse/texts.h"

namespace kale {
namespace {

WebText split(std::string_view alt_text) {
  static const WebTextRules rules = [] {
    auto parsed = WebTextRules::parse(fuse_texts::web_boilerplate);
    KALE_CHECK(parsed, "web_boilerplate.txt");
    return std::move(*parsed);
  }();
  return rules.split(alt_text);
}

TEST(WebText, EntitiesAreDecodedTwiceAtMost) {
  EXPECT_EQ(without_entities("Tom &amp; Jerry &#39;n&#x27; &quot;co&quot;"),
            "Tom & Jerry 'n' \"co\"");
  EXPECT_EQ(without_entities("&amp;quot;x&amp;quot;"), "\"x\"");
  EXPECT_EQ(without_entities("AT&T; a & b; &unknown; &#0; &#xD800; &"),
            "AT&T; a & b; &unknown; &#0; &#xD800; &");
}

TEST(WebText, FileNamesBecomeWords) {
  EXPECT_EQ(without_file_name("Smoke_Dungeon-2.png"), "Smoke Dungeon 2");
  EXPECT_EQ(without_file_name("ori-blind-forest-switch"), "ori blind forest switch");
  EXPECT_EQ(without_file_name("New comedy collection.jpg"), "New comedy collection");
  EXPECT_EQ(without_file_name("A five-cent piece"), "A five-cent piece");
  EXPECT_EQ(without_file_name("R2-D2"), "R2-D2");
}

TEST(WebText, ShoutedTextGetsSmallLettersAndAbbreviationsStay) {
  EXPECT_EQ(without_shouting("WOMEN SHOE BY BMW X5"), "Women Shoe by BMW X5");
  EXPECT_EQ(without_shouting("NASA rocket on its way"), "NASA rocket on its way");
  EXPECT_EQ(without_shouting("EMILY"), "EMILY");
}

TEST(WebText, SeparatorsAndBracketsCutPhrases) {
  const WebText web = split("Rug &quot;Lily Pads&quot; (7x5) - Red | Shop");
  EXPECT_EQ(web.title, "Rug \"Lily Pads\"");
  EXPECT_EQ(web.phrases, (std::vector<std::string>{"7x5", "Red"}));
  EXPECT_EQ(web.text(), "Rug \"Lily Pads\", 7x5, Red");
  EXPECT_FALSE(web.states);
}

TEST(WebText, BoilerplateAddressesAndRepeatsGo) {
  EXPECT_EQ(split("Kitchen cabinet Royalty Free Stock Images").title, "Kitchen cabinet");
  EXPECT_EQ(split("Product overview - VISOR XL").title, "VISOR XL");
  EXPECT_EQ(split("#Makeup #Style www.shop.com").title, "Makeup Style");
  EXPECT_EQ(split("Volcano<br /> Andes").phrases, std::vector<std::string>{"Andes"});
  EXPECT_TRUE(split("Reindeer Sweater Red (Reindeer Sweater)").phrases.empty());
}

TEST(WebText, SearchWordsAreNoTitle) {
  EXPECT_EQ(split("red shoes, women shoes, party shoes, shoe sale, shoe shop, heels").title,
            "red shoes");
}

TEST(WebText, CommasCutPhrasesButNoPlacesAndDates) {
  const WebText web = split("Darryl Young, Chevrolet Lacetti, blue car");
  EXPECT_EQ(web.title, "Darryl Young");
  EXPECT_EQ(web.phrases, (std::vector<std::string>{"Chevrolet Lacetti", "blue car"}));
  for (std::string_view title :
       {"Old castle near Darmstadt, Germany", "Sandy Hills, UT 84094", "Race day, 1951",
        "Boston, Massachusetts", "Mugs, plates and bowls", "Fast cars, seen at the start"})
    EXPECT_EQ(split(title).title, title);
}

TEST(WebText, TornEndsAreMended) {
  EXPECT_EQ(split("Laidlaw of Gloucester at Kingsholm on...").title,
            "Laidlaw of Gloucester at Kingsholm");
  EXPECT_EQ(split("An \"unclosed quote").title, "An unclosed quote");
}

TEST(WebText, SentencesAndQuestionsAreStatements) {
  EXPECT_TRUE(split("Who is Bkmkitap?").states);
  EXPECT_TRUE(split("Two stars will be a part of the festival.").states);
  EXPECT_FALSE(split("Lily Pads Rug").states);
}

TEST(WebText, WillMayAndCanAreNamesToo) {
  for (const char* name : {"Will Smith", "James May", "Can of Beans", "May Flowers",
                           "Tin can with lid", "Will Smith in May", "will smith"})
    EXPECT_FALSE(split(name).states) << name;
  EXPECT_TRUE(split("Dogs can swim").states);
  EXPECT_TRUE(split("Two stars will be there").states);
}

TEST(WebText, FullStopAloneMakesNoSentence) {
  EXPECT_FALSE(split("Caramel apple cheesecake topped with caramel sauce and apples.").states);
  EXPECT_TRUE(split("The small car is parked in front of a house.").states);
}

TEST(WebText, StockNumbersAndOrdersGo) {
  EXPECT_EQ(split("Quail eggs in the basket 16418965").title, "Quail eggs in the basket");
  EXPECT_TRUE(split("Quail eggs (16418965)").phrases.empty());
  EXPECT_EQ(split("Orchid of 2018").title, "Orchid of 2018");
  EXPECT_EQ(split("Buy camouflage gloves").title, "camouflage gloves");
  EXPECT_EQ(split("Screenshot for Earth Defense Force 5").title, "Earth Defense Force 5");
  EXPECT_EQ(split("liberty tree pillow copy").title, "liberty tree pillow");
}

TEST(WebText, EscapesAndShorthandAreWrittenOut) {
  EXPECT_EQ(split(R"(UK\'s pitcher)").title, "UK's pitcher");
  EXPECT_EQ(split("Rug w/ fringe").title, "Rug with fringe");
}

TEST(WebText, NothingIsLeftOfNoise) {
  for (const char* noise : {"", " - | - ", "www.shop.com", "&nbsp;", "((", "]["})
    EXPECT_TRUE(split(noise).title.empty()) << noise;
}

TEST(WebText, BadPatternNamesItsLine) {
  auto parsed = WebTextRules::parse("a(");
  ASSERT_FALSE(parsed.has_value());
  EXPECT_NE(parsed.error().message.find("a("), std::string::npos);
}

}  // namespace
}  // namespace kale
