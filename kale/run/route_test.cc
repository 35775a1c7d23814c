#include "kale/run/route.h"

#include <gtest/gtest.h>

namespace kale {
namespace {

constexpr Columns kProvided{Column::kKey, Column::kAltText, Column::kImageBytes};

StepTraits step(std::string_view name, Columns reads, Columns writes,
                std::vector<std::string_view> retries = {}) {
  StepTraits traits{name, reads, writes};
  traits.retries = std::move(retries);
  return traits;
}

std::vector<StepTraits> with_ways_back(std::vector<std::string_view> of_verify,
                                       std::vector<std::string_view> of_clean) {
  return {step("decode", {Column::kImageBytes}, {Column::kPixels}),
          step("describe", {Column::kPixels}, {Column::kCaptionDense}),
          step("fuse", {Column::kCaptionDense}, {Column::kCaptionFused}),
          step("verify", {Column::kCaptionFused}, {Column::kFactsKept}, std::move(of_verify)),
          step("clean", {Column::kCaptionFused}, {Column::kCaption}, std::move(of_clean))};
}

bool lives_after(const Route& route, std::string_view step, Column column) {
  return !route.dead_after[*route.index_of(step)].has(column);
}

TEST(Route, TransientColumnsLiveToTheLastStepThatReadsThem) {
  Route route = plan_route(with_ways_back({}, {"fuse"}), kProvided, 0);
  EXPECT_FALSE(lives_after(route, "decode", Column::kImageBytes));
  EXPECT_TRUE(lives_after(route, "decode", Column::kPixels));
  EXPECT_FALSE(lives_after(route, "describe", Column::kPixels));
}

TEST(Route, AWayBackKeepsWhatTheStepsOnItRead) {
  Route route = plan_route(with_ways_back({"describe"}, {}), kProvided, 0);
  EXPECT_TRUE(lives_after(route, "fuse", Column::kPixels));
  EXPECT_FALSE(lives_after(route, "verify", Column::kPixels));
  EXPECT_FALSE(lives_after(route, "decode", Column::kImageBytes));
}

// clean sends a row back to fuse, and verify the same row on to describe.
TEST(Route, WaysBackThatFollowOnEachOtherKeepWhatTheFirstOneReads) {
  Route route = plan_route(with_ways_back({"describe"}, {"fuse"}), kProvided, 0);
  EXPECT_TRUE(lives_after(route, "verify", Column::kPixels));
  EXPECT_FALSE(lives_after(route, "clean", Column::kPixels));
}

TEST(Route, ARedoRemakesTransientColumnsWhereTheyAreReadAndOnlyThere) {
  auto steps = with_ways_back({}, {"fuse"});
  Route late = plan_route(steps, kProvided, 4);
  EXPECT_EQ(late.first_step, 2u) << "clean sends rows back to fuse";
  EXPECT_FALSE(late.runs[0]);
  EXPECT_FALSE(late.wants_image_bytes);
  Route early = plan_route(steps, kProvided, 1);
  EXPECT_TRUE(early.runs[0]);
  EXPECT_TRUE(early.wants_image_bytes);
}

}  // namespace
}  // namespace kale
