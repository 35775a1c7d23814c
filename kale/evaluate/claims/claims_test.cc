// Sentences of captions, and what must be read out of them. Each claim is written as a line:
//   thing bird; count bird 2; colour bird red; bird left_of car; text "OPEN"; number 12; name Oslo
#include "kale/evaluate/claims/claims.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace kale::evaluate {
namespace {

constexpr std::array<std::string_view, 5> kRelations = {"left_of", "right_of", "above", "below",
                                                        "on"};

std::string noun(const Claims& claims, int mention) {
  return claims.mentions[static_cast<std::size_t>(mention)].noun;
}

std::string joined(const std::vector<std::string>& parts, std::string_view by) {
  return fmt::format("{}", fmt::join(parts, by));
}

void add_colours(const Claims& claims, std::vector<std::string>& lines) {
  for (const ColourClaim& claim : claims.colours) {
    const std::string colour = (claim.negated ? "not " : "") + joined(claim.colours, "|");
    constexpr std::array<std::string_view, 4> kAbout = {"", "background ", "letters ", "bars "};
    if (claim.about != About::kThings)
      lines.push_back(std::string(kAbout[static_cast<std::size_t>(claim.about)]) + colour);
    for (const int mention : claim.mentions)
      lines.push_back("colour " + noun(claims, mention) + " " + colour);
  }
}

std::vector<std::string> lines_of(std::string_view caption,
                                  const std::vector<std::string>& names = {}) {
  const Claims claims = claims_of(caption, names);
  std::vector<std::string> lines;
  for (const Mention& mention : claims.mentions)
    lines.push_back((mention.negated  ? "no "
                     : mention.hedged ? "maybe "
                                      : "thing ") +
                    mention.noun);
  for (const CountClaim& claim : claims.counts)
    if (claim.spoken)
      lines.push_back(fmt::format("count {} {}{}", noun(claims, claim.mention), claim.count,
                                  claim.at_least ? "+" : ""));
    else
      lines.push_back("several " + noun(claims, claim.mention));
  add_colours(claims, lines);
  for (const RelationClaim& claim : claims.relations) {
    std::vector<std::string> readings;
    for (const auto& [subject, object] : claim.readings)
      readings.push_back(noun(claims, subject) + " " + (claim.negated ? "not " : "") +
                         std::string(kRelations[static_cast<std::size_t>(claim.relation)]) + " " +
                         noun(claims, object));
    lines.push_back(joined(readings, " or "));
  }
  for (const TextClaim& claim : claims.texts)
    lines.push_back(claim.text.empty() ? "no text" : "text \"" + claim.text + "\"");
  for (const NumberClaim& claim : claims.numbers) lines.push_back("number " + claim.text);
  for (const NameClaim& claim : claims.names) lines.push_back("name " + claim.name);
  for (const PartCountClaim& claim : claims.part_counts)
    lines.push_back(fmt::format("parts {} {}", claim.part, claim.count));
  return lines;
}

void expect(std::string_view caption, std::vector<std::string> wanted,
            const std::vector<std::string>& names = {}) {
  std::vector<std::string> found = lines_of(caption, names);
  std::sort(found.begin(), found.end());
  std::sort(wanted.begin(), wanted.end());
  EXPECT_EQ(joined(found, "; "), joined(wanted, "; ")) << caption;
}

TEST(Claims, ReadsThingsWithCountsAndColours) {
  expect("A red bird and two blue cars on a plain white background.",
         {"thing bird", "thing car", "count car 2", "colour bird red", "colour car blue",
          "background white"});
  expect("There are three apples, a pear and several boxes of popcorn.",
         {"thing apple", "count apple 3", "thing pear", "thing box of popcorn",
          "count box of popcorn 2+"});
  expect("The three cats and two other birds.",
         {"thing cat", "count cat 3", "thing bird", "count bird 2"});
  expect("A black-and-white cow, a large, grey elephant and a bright yellow taxi.",
         {"thing cow", "colour cow black", "colour cow white", "thing elephant",
          "colour elephant grey", "thing taxi", "colour taxi yellow"});
}

TEST(Claims, TellsColoursOfTheSubject) {
  expect("The bird on the left of the car is red and white.",
         {"thing bird", "thing car", "bird left_of car", "colour bird red", "colour bird white"});
  expect(
      "In this photo, a Magellanic penguin is set against a white background. It is grey, black "
      "and green. It is at the centre of the upright frame and covers roughly half of the picture.",
      {"thing magellanic penguin", "background white", "colour magellanic penguin grey",
       "colour magellanic penguin black", "colour magellanic penguin green", "name Magellanic"},
      {"magellanic penguin"});
  expect("The bird is blue and the car is red.",
         {"thing bird", "thing car", "colour bird blue", "colour car red"});
  expect("A bird and a car are red.",
         {"thing bird", "thing car", "colour bird red", "colour car red"});
  expect(
      "It shows a dog that is brown. The dog is mainly brown, with some white and a little grey.",
      {"thing dog", "thing dog", "colour dog brown", "colour dog brown", "colour dog white",
       "colour dog grey"});
  expect("A bird, red and white, sits on a box.",
         {"thing bird", "colour bird red", "colour bird white", "thing box", "bird on box"});
  expect("The dog is purple; the snail, by contrast, is green.",
         {"thing dog", "thing snail", "colour dog purple", "colour snail green"});
  expect("The dog is below the mug and blue and white in colour.",
         {"thing dog", "thing mug", "dog below mug", "colour dog blue", "colour dog white"});
  expect("The cap is to the left of the black book and green in colour.",
         {"thing cap", "thing book", "cap left_of book", "colour book black", "colour cap green"});
  expect("The wallpaper behind it is mostly red.", {"background red"});
  expect("The dog is both left of the car and above it.",
         {"thing dog", "thing car", "dog left_of car", "dog above car"});
  expect("The dog is white, while the flag of the Netherlands is red.",
         {"thing dog", "thing flag", "colour dog white", "colour flag red", "name Netherlands"});
  expect("The cat is not red.", {"thing cat", "colour cat not red"});
}

TEST(Claims, ColoursOfPartsAndLettersAreNotTheThings) {
  expect("A bird with a yellow beak and red wings.", {"thing bird"});
  expect("A red-breasted bird.", {"thing bird"});
  expect("The sign has white letters.", {"letters white"});
  expect("The words are written in red.", {"letters red"});
  expect("It is lettered in orange.", {"letters orange"});
  expect("Mainly yellow, the wallpaper fills the background.", {"background yellow"});
  expect("A bird over a background picture that is mainly blue.",
         {"thing bird", "background blue"});
  expect("The bars are green, on purple paper.", {"bars green", "background purple"});
}

TEST(Claims, ResolvesPronouns) {
  expect("A penguin stands next to a blue car. It is black.",
         {"thing penguin", "thing car", "colour car blue", "colour penguin black"});
  expect("This image shows two birds. They are green.",
         {"thing bird", "count bird 2", "colour bird green"});
  expect("The image shows apples. There are three.",
         {"thing apple", "several apple", "count apple 3"});
  expect("A car with a bird on it.", {"thing car", "thing bird", "bird on car"});
}

TEST(Claims, ReadsRelations) {
  expect("A bird is to the left of a car and above an apple.",
         {"thing bird", "thing car", "thing apple", "bird left_of car", "bird above apple"});
  expect("To the left of the bird is a car.", {"thing bird", "thing car", "car left_of bird"});
  expect("Below the kite, a dog sits on a box.",
         {"thing kite", "thing dog", "thing box", "dog below kite", "dog on box"});
  expect("A bird with a red car to its right.",
         {"thing bird", "thing car", "colour car red", "car right_of bird"});
  expect("A bird sits above a car, which is left of an apple.",
         {"thing bird", "thing car", "thing apple", "bird above car", "car left_of apple"});
  expect("A bird sits on a box to the left of a car.",
         {"thing bird", "thing box", "thing car", "bird on box",
          "box left_of car or bird left_of car"});
  expect("Below the box, one sees two dogs.",
         {"thing box", "thing dog", "count dog 2", "dog below box"});
  expect("A cat is on the left side of the picture.", {"thing cat"});
}

TEST(Claims, DenialsAreNoMentions) {
  expect("There is no text in the picture.", {"no text"});
  expect("A house without a tree or a car.", {"thing house", "no tree", "no car"});
  expect("There are no birds, only a dog.", {"no bird", "thing dog"});
  expect("The image does not contain any birds.", {"no bird"});
  expect("It doesn't show a bird or a red car, but a dog.",
         {"no bird", "no car", "colour car red", "thing dog"});
  expect("The picture does not show a dog but a cat.", {"no dog", "thing cat"});
  expect("Birds are not shown in the picture. A dog can not be seen.", {"no bird", "no dog"});
  expect("A bird is not shown in full.", {"thing bird"});
  expect("It is not only a bird.", {"thing bird"});
  expect("Without showing a bird, 00 cars are there.", {"no bird", "no car"});
  expect("The car is not on the box.", {"thing car", "thing box", "car not on box"});
  expect("The car is not standing on the box.", {"thing car", "thing box", "car not on box"});
  expect("The cat is not painted red or blue.",
         {"thing cat", "colour cat not red", "colour cat not blue"});
  expect("The picture does not have a red background.", {"background not red"});
}

TEST(Claims, DeniedElsewhereIsNotDenied) {
  for (const std::string_view caption :
       {"It is not next to a dog.", "It does not touch a dog.", "The car does not show a dog.",
        "The car is not a dog.", "There is no dog on it.", "No dog near the car is red."}) {
    bool found = false;
    for (const Mention& mention : claims_of(caption).mentions)
      if (mention.noun == "dog") found = mention.negated && mention.elsewhere;
    EXPECT_TRUE(found) << caption;
  }
  for (const std::string_view caption :
       {"There is no dog.", "It is not a dog.", "It shows no dog.", "A dog is nowhere to be seen."})
    for (const Mention& mention : claims_of(caption).mentions)
      EXPECT_TRUE(mention.negated && !mention.elsewhere) << caption;
}

TEST(Claims, GuessesAreMentionsAndComparisonsAreNot) {
  expect("A bird, possibly a king penguin.", {"thing bird", "maybe king penguin"});
  expect("What looks like a teapot is shown.", {"maybe teapot"});
  expect("A balloon shaped like a dog.", {"thing balloon"});
  expect("The cloud is white like a sheep.", {"thing cloud", "colour cloud white"});
}

TEST(Claims, CompoundNounsAreReadWhole) {
  expect("A fire truck, a hot dog and a glass of orange juice.",
         {"thing fire truck", "thing hot dog", "thing glass", "thing orange juice"});
  expect("An orange fish and an orange.", {"thing fish", "colour fish orange", "thing orange"});
  expect("It is orange and black. Two oranges lie beside an apple tree.",
         {"thing orange", "count orange 2", "thing apple tree"});
  expect("Three birds, a green and orange plum, and a plum nearby. A cat catches the eye.",
         {"thing bird", "count bird 3", "thing plum", "colour plum green", "colour plum orange",
          "thing plum", "thing cat"});
  expect("Three jack-o'-lanterns.", {"thing jack o lantern", "count jack o lantern 3"});
  expect("A bird cage and a dog house.", {"thing cage", "thing house"});
  expect("A pair of scissors and a pair of birds.",
         {"thing pair of scissors", "thing bird", "count bird 2"});
  expect("A pair of jeans and three sets of headphones.",
         {"thing jeans", "thing headphones", "count headphones 3"});
}

TEST(Claims, PictureWordsAreNoThings) {
  expect(
      "The image is a photo in a square frame; a bird is in the top left corner of the picture, "
      "covering a third of the background.",
      {"thing bird"});
}

TEST(Claims, ReadsTextsNumbersAndNames) {
  expect("A sign reads \"GRAND OPENING\". The flag is from Norway, painted by Ida Holm in 1938.",
         {"text \"GRAND OPENING\"", "thing flag", "name Norway", "name Ida Holm", "number 1938"});
  expect("The chart's bar for Apples reaches 12, and there are four bars.",
         {"number 12", "parts bar 4", "name Apples"});
  expect("A plain background leaves ten lines of text readable.", {"parts line 10"});
  expect("The price tag says '$4.50'.", {"text \"$4.50\""});
}

// As small language models write.
TEST(Claims, ReadsFreeEnglish) {
  expect(
      "The image shows a vibrant red and yellow parrot perched on a branch, surrounded by lush "
      "green leaves.",
      {"thing parrot", "colour parrot red", "colour parrot yellow", "thing branch",
       "parrot on branch", "thing leaf", "several leaf", "colour leaf green"});
  expect("In the center of the image, there is a small brown dog sitting on top of a blue box.",
         {"thing dog", "colour dog brown", "thing box", "colour box blue", "dog on box"});
  expect("The cat's eyes are green and its fur is white.", {"thing cat"});
  expect("A photo that features both an owl and, to its left, a mouse.",
         {"thing owl", "thing mouse", "mouse left_of owl"});
  expect("The colour of the car is red.", {"thing car", "colour car red"});
  expect("This is not a dog but a cat.", {"no dog", "thing cat"});
  expect("A goat on purple paper, with three cars as well.",
         {"thing goat", "background purple", "thing car", "count car 3"});
  expect("", {});
  expect("\"", {});
  expect("On on on. Left of. Two. And and, red", {});
}

}  // namespace
}  // namespace kale::evaluate
