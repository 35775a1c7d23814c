#include "kale/sources/sidecar.h"

#include <gtest/gtest.h>

namespace kale {
namespace {

Drop reason(const Sidecar& sidecar) { return std::get<Dropped>(sidecar.outcome).reason; }

TEST(Sidecar, FirstLineIsTheAltText) {
  auto sidecar = parse_sidecar("\xEF\xBB\xBF A penguin. \r\nde.utf8=Ein Pinguin.\r\n", {});
  EXPECT_TRUE(std::holds_alternative<On>(sidecar.outcome));
  EXPECT_EQ(sidecar.alt_text, "A penguin.");
}

TEST(Sidecar, KeepsTheLanguagesAskedFor) {
  auto sidecar = parse_sidecar(
      "A penguin.\nde.utf8=Ein Pinguin.\nfr.utf8=Un manchot.\n"
      "pt_BR.utf8= Um pinguim = ave. \nnl.utf8=\nes.utf8=\xff\nnonsense\n",
      {"pt_BR", "de", "nl", "es", "it"});
  EXPECT_EQ(sidecar.translations[0], "Um pinguim = ave.");
  EXPECT_EQ(sidecar.translations[1], "Ein Pinguin.");
  EXPECT_FALSE(sidecar.translations[2]);
  EXPECT_FALSE(sidecar.translations[3]);
  EXPECT_FALSE(sidecar.translations[4]);
}

TEST(Sidecar, BadFirstLineHasItsReason) {
  EXPECT_EQ(reason(parse_sidecar("", {})), Drop::kEmptyAltText);
  EXPECT_EQ(reason(parse_sidecar(" \t\nde.utf8=Ein Pinguin.\n", {})), Drop::kEmptyAltText);
  EXPECT_EQ(reason(parse_sidecar("caf\xe9", {})), Drop::kNotUtf8);
  EXPECT_EQ(reason(parse_sidecar("a \x1b[31mred\x1b[0m bird", {})), Drop::kControlChars);
  EXPECT_EQ(reason(parse_sidecar(std::string_view("a\0b", 3), {})), Drop::kControlChars);
}

TEST(Sidecar, BrokenTranslationsLeaveTheAltTextAlone) {
  auto sidecar = parse_sidecar("A penguin.\nde.utf8=\xff\xfe\n", {"de"});
  EXPECT_EQ(sidecar.alt_text, "A penguin.");
  EXPECT_FALSE(sidecar.translations[0]);
}

}  // namespace
}  // namespace kale
