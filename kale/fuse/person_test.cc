#include "kale/fuse/person.h"

#include <gtest/gtest.h>

#include "kale/fuse/frame.h"
#include "kale/fuse/texts.h"
#include "kale/fuse/word_use.h"

namespace kale {
namespace {

const std::set<std::string>& common() {
  static const std::set<std::string> words = listed_stems(fuse_texts::common_words);
  return words;
}

TEST(Person, PlacesAndBrandsAreNoPersons) {
  for (const char* name :
       {"Los Angeles", "Grand Canyon", "Louis Vuitton", "Jack Daniels", "Las Vegas", "Coca Cola",
        "Machu Picchu", "Ellis Island", "Michael Kors", "Dr Pepper", "Coach Poppy", "Lake Michigan",
        "Paris, Texas", "Emma Watson's Gown", "Emma", "Michael Jackson Cup 3"})
    EXPECT_FALSE(names_person(name, "person", common())) << name;
}

TEST(Person, GivenNamesAndTitlesProveOne) {
  for (const char* name :
       {"Emma Watson", "Mr Shatter", "Sir Lancelot", "actress Cheryl Hines", "Actress Zuzu Quux",
        "President Obama", "Coach Emily Robinson", "Tom and Ann Quux", "DAVID BOWIE"})
    EXPECT_TRUE(names_person(name, "person", common())) << name;
  EXPECT_FALSE(names_person("Tom Quux and Las Vegas", "people", common()));
}

TEST(Person, WomansNameIsNoMans) {
  EXPECT_FALSE(names_person("Emma Watson", "man", common()));
  EXPECT_FALSE(names_person("David Bowie", "women", common()));
  EXPECT_TRUE(names_person("Jamie Quux", "man", common()));
}

TEST(Person, PlaceBehindAManFallsToTheNeutralForm) {
  WebText web;
  web.title = "Los Angeles";
  EXPECT_EQ(fill_frame(frame_of("A man is standing on a street.", web, common())),
            "In this picture of Los Angeles, a man is standing on a street.");
}

TEST(Person, BabyAndCoupleHaveNotOneName) {
  for (const char* sentence :
       {"A baby is sleeping.", "A couple is dancing.", "A child in a hat."}) {
    WebText web;
    web.title = "Emma Watson";
    EXPECT_EQ(frame_of(sentence, web, common()).form, FrameForm::kPicture) << sentence;
  }
}

}  // namespace
}  // namespace kale
