#include "kale/train/data/loader.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "kale/io/temp_folder.h"
#include "kale/train/data/student_fake.h"

namespace kale {
namespace {

constexpr std::int64_t kImage = 900, kEnd = 901;

Layout letters() {
  return {.image_token = kImage,
          .image_tokens = 4,
          .end_token = kEnd,
          .encode = [](std::string_view text) {
            return std::vector<std::int64_t>(text.begin(), text.end());
          }};
}

struct Data {
  TempFolder temp;
  std::unique_ptr<Corpus> corpus;

  explicit Data(const FakePairs& pairs) {
    pairs.write(temp.path() / "a.parquet");
    auto opened = Corpus::open({.path = temp.path().string()}, ".");
    KALE_CHECK(opened.has_value(), describe_error(opened.error()));
    corpus = std::move(*opened);
  }
  Loader loader(LoaderOptions options, Place from = {}, LayoutOptions layout = {}) {
    auto pictures =
        Pictures::make({.height = kFakeSide, .crop_height = kFakeSide, .crop_width = kFakeSide});
    KALE_CHECK(pictures.has_value(), "pictures are prepared");
    return {*corpus, letters(), layout, std::move(*pictures), options, from};
  }
};

LoaderOptions small_steps() {
  return {.seed = 5, .step_rows = 8, .rows_at_once = 4, .group_rows = 40};
}

// All that a step teaches, in an order of its own.
std::multiset<std::vector<std::int64_t>> texts_of(const StepBatches& step) {
  std::multiset<std::vector<std::int64_t>> texts;
  for (const Batch& batch : step.batches)
    for (std::int64_t i = 0; i < batch.rows; ++i) {
      const auto first = batch.tokens.begin() + i * batch.length;
      texts.emplace(first, first + batch.length);
    }
  return texts;
}

StepBatches next_of(Loader& loader) {
  auto step = loader.next();
  KALE_CHECK(step.has_value(), describe_error(step.error()));
  return std::move(*step);
}

TEST(Layout, LearnsTheCaptionAndItsEndAlone) {
  Example example = lay_out(letters(), {}, "ab", "cd");
  EXPECT_EQ(example.tokens, (std::vector<std::int64_t>{kImage, kImage, kImage, kImage, 'a', 'b',
                                                       '\n', 'c', 'd', kEnd}));
  EXPECT_EQ(example.prompt, 7);
}

TEST(Layout, CutsWhatIsTooLongAndThenLearnsNoEnd) {
  Example example =
      lay_out(letters(), {.alt_text_chars_max = 2, .caption_tokens_max = 3}, "abcd", "wxyz");
  EXPECT_EQ(example.tokens, (std::vector<std::int64_t>{kImage, kImage, kImage, kImage, 'a', 'b',
                                                       '\n', 'w', 'x', 'y'}));
}

TEST(Loader, AnEpochHoldsEveryPairOnce) {
  Data data(FakePairs(150));
  Loader loader = data.loader(small_steps(), {}, {.alt_text_dropout = 0});
  std::int64_t rows = 0, labelled = 0;
  for (;;) {
    StepBatches step = next_of(loader);
    rows += step.rows;
    for (const Batch& batch : step.batches) {
      EXPECT_EQ(std::ssize(batch.pixels), batch.rows * 3 * kFakeSide * kFakeSide);
      labelled += batch.labelled;
    }
    if (step.after.epoch == 1) break;
  }
  EXPECT_EQ(rows, 150);
  const FakePairs pairs(150);
  std::int64_t expected = 0;
  for (const auto& caption : pairs.captions) expected += std::ssize(*caption) + 1;
  EXPECT_EQ(labelled, expected);
}

TEST(Loader, GoesOnFromAnyPlaceWithTheSameBatches) {
  Data data(FakePairs(150));
  Loader whole = data.loader(small_steps());
  std::vector<StepBatches> steps;
  for (int i = 0; i < 45; ++i) steps.push_back(next_of(whole));  // into the third epoch
  for (std::size_t from : {0u, 6u, 13u, 30u}) {
    Loader rest = data.loader(small_steps(), steps[from].after);
    for (std::size_t i = from + 1; i < from + 8; ++i) {
      StepBatches step = next_of(rest);
      ASSERT_EQ(step.batches.size(), steps[i].batches.size());
      for (std::size_t k = 0; k < step.batches.size(); ++k) {
        EXPECT_EQ(step.batches[k].tokens, steps[i].batches[k].tokens);
        EXPECT_EQ(step.batches[k].labels, steps[i].batches[k].labels);
        EXPECT_EQ(step.batches[k].pixels, steps[i].batches[k].pixels);
      }
      EXPECT_EQ(step.after, steps[i].after);
    }
  }
}

TEST(Loader, ProcessesShareAStep) {
  Data data(FakePairs(60));
  Loader alone = data.loader(small_steps());
  LoaderOptions half = small_steps();
  half.processes = 2;
  Loader first = data.loader(half);
  half.process = 1;
  Loader second = data.loader(half);
  for (int i = 0; i < 10; ++i) {
    auto all = texts_of(next_of(alone));
    auto parts = texts_of(next_of(first));
    auto others = texts_of(next_of(second));
    parts.insert(others.begin(), others.end());
    EXPECT_EQ(all, parts);
  }
}

TEST(Loader, DropoutHidesAltTextsAnewEachEpoch) {
  Data data(FakePairs(120));
  Loader loader = data.loader(small_steps(), {}, {.alt_text_dropout = 0.5});
  std::map<std::int64_t, std::int64_t> hidden;
  for (Place place; place.epoch < 2;) {
    StepBatches step = next_of(loader);
    for (const auto& text : texts_of(step)) hidden[place.epoch] += text[4] == '\n' ? 1 : 0;
    place = step.after;
  }
  for (std::int64_t epoch : {0, 1}) {
    EXPECT_GT(hidden[epoch], 35);
    EXPECT_LT(hidden[epoch], 85);
  }
}

TEST(Loader, WhatIsNoPairIsCountedAndNamed) {
  FakePairs pairs(40);
  pairs.images[3].first = "no picture";
  pairs.captions[5] = std::nullopt;
  Data data(pairs);
  Loader loader = data.loader(small_steps());
  std::int64_t rows = 0, unusable = 0;
  std::string reasons;
  for (Place place; place.epoch < 1;) {
    StepBatches step = next_of(loader);
    for (const Batch& batch : step.batches) rows += batch.rows;
    unusable += step.unusable;
    reasons += step.first_unusable;
    place = step.after;
  }
  EXPECT_EQ(rows, 38);
  EXPECT_EQ(unusable, 2);
  EXPECT_NE(reasons.find("a.parquet#5: no text in column caption"), std::string::npos) << reasons;
}

TEST(Loader, AGroupWithoutAPairIsPassedOver) {
  FakePairs pairs(64 + 1);
  pairs.captions[64] = std::nullopt;  // a block, and a group, of its own
  Data data(pairs);
  LoaderOptions options = small_steps();
  options.group_rows = 32;
  for (options.seed = 1; options.seed < 6; ++options.seed) {
    Loader loader = data.loader(options);
    std::int64_t rows = 0, unusable = 0;
    for (int i = 0; i < 3 * 64 / 8; ++i) {  // three epochs
      StepBatches step = next_of(loader);
      rows += step.rows;
      unusable += step.unusable;
    }
    EXPECT_EQ(rows, 3 * 64);
    EXPECT_GE(unusable, 2);
  }
}

TEST(Loader, DataWithoutAnyCaptionIsAnErrorThatNamesTheColumn) {
  FakePairs pairs(20);
  for (auto& caption : pairs.captions) caption = std::nullopt;
  Data data(pairs);
  Loader loader = data.loader(small_steps());
  auto step = loader.next();
  ASSERT_FALSE(step);
  EXPECT_NE(step.error().message.find("caption"), std::string::npos) << step.error().message;
}

TEST(Corpus, SaysWhatIsMissing) {
  auto none = Corpus::open({.path = "nowhere"}, "/");
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, Code::kNotFound);
  EXPECT_NE(none.error().message.find("/nowhere"), std::string::npos);
}

}  // namespace
}  // namespace kale
