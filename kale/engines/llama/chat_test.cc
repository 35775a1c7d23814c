#include "kale/engines/llama/chat.h"

#include <gtest/gtest.h>

namespace kale::llama {
namespace {

TEST(CutAtStandIns, MarkupAndContentsInOrder) {
  std::string rendered = "<s>user\n" + stand_in(0) + "</s>" + stand_in(1) + "<go>";
  auto pieces = cut_at_stand_ins(rendered, 2).value();
  ASSERT_EQ(pieces.size(), 5u);
  EXPECT_EQ(pieces[0].markup, "<s>user\n");
  EXPECT_EQ(pieces[1].message, 0);
  EXPECT_EQ(pieces[2].markup, "</s>");
  EXPECT_EQ(pieces[3].message, 1);
  EXPECT_EQ(pieces[4].markup, "<go>");
}

TEST(CutAtStandIns, MessagesBesideEachOtherHaveNoMarkupBetween) {
  std::string rendered = stand_in(0) + stand_in(1);
  auto pieces = cut_at_stand_ins(rendered, 2).value();
  ASSERT_EQ(pieces.size(), 2u);
  EXPECT_EQ(pieces[1].message, 1);
}

TEST(CutAtStandIns, TwelveMessagesAreToldApart) {
  std::string rendered;
  for (std::size_t i = 0; i < 12; ++i) rendered += stand_in(i);
  auto pieces = cut_at_stand_ins(rendered, 12).value();
  ASSERT_EQ(pieces.size(), 12u);
  for (int i = 0; i < 12; ++i) EXPECT_EQ(pieces[static_cast<std::size_t>(i)].message, i);
}

TEST(CutAtStandIns, ATemplateThatDropsOrMovesAMessageIsAnError) {
  auto dropped = cut_at_stand_ins("<user>" + stand_in(1), 2);
  ASSERT_FALSE(dropped);
  EXPECT_EQ(dropped.error().code, Code::kBadConfig);
  EXPECT_NE(dropped.error().message.find("message 1 of 2"), std::string::npos);
  EXPECT_FALSE(cut_at_stand_ins(stand_in(1) + stand_in(0), 2));
}

TEST(PromptTokens, PicturesTakeFewerPositionsThanCellsUnderMrope) {
  PromptTokens prompt;
  prompt.tokens = {
      5, kPictureCell, kPictureCell, kPictureCell, kPictureCell, 6, kPictureCell, kPictureCell, 7};
  prompt.pictures.resize(2);
  prompt.pictures[0].at = 1;
  prompt.pictures[0].part.cells = 4;
  prompt.pictures[0].part.positions = 2;
  prompt.pictures[1].at = 6;
  prompt.pictures[1].part.cells = 2;
  prompt.pictures[1].part.positions = 2;
  EXPECT_EQ(prompt.position(0), 0u);
  EXPECT_EQ(prompt.position(1), 1u);
  EXPECT_EQ(prompt.position(5), 3u);
  EXPECT_EQ(prompt.position(6), 4u);
  EXPECT_EQ(prompt.position(8), 6u);
  EXPECT_EQ(prompt.position(9), 7u);  // of the reply's first token
  EXPECT_EQ(prompt.picture_at(6), &prompt.pictures[1]);
  EXPECT_EQ(prompt.picture_at(2), nullptr);
}

}  // namespace
}  // namespace kale::llama
