// What parity with transformers (tests/parity/networks.py) does not show.
#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <gtest/gtest.h>

#include "kale/networks/door.h"
#include "kale/networks/generate.h"
#include "kale/networks/llava.h"
#include "kale/networks/reading.h"
#include "kale/networks/shape.h"

namespace kale {
namespace {

DecoderConfig small_decoder() {
  DecoderConfig config;
  config.vocabulary = 30;
  config.width = 16;
  config.mlp_width = 24;
  config.layers = 2;
  config.heads = 4;
  config.kv_heads = 2;
  config.eos_tokens = {};
  config.complete();
  return config;
}

// Weights large enough that what a token attends to shows.
void enlarge(Network& network) {
  initialise(network, 11);
  for (const Parameter& p : network.parameters()) {
    if (p.init == Init::kNormal) p.tensor->mul_(10);
  }
}

at::Tensor tokens_of(std::int64_t rows, std::int64_t count) {
  return at::arange(rows * count).remainder(23).reshape({rows, count});
}

TEST(Networks, DfnPositionsGrowFrom378To490Pixels) {
  at::NoGradGuard no_grad;
  at::Tensor positions = at::randn({1 + 27 * 27, 4});
  at::Tensor grown = resize_positions(positions, 1, 35, 35);
  EXPECT_EQ(grown.sizes(), at::IntArrayRef({1 + 35 * 35, 4}));
  EXPECT_TRUE(grown[0].equal(positions[0]));
  // A slope stays one away from the border, whatever the grid: (column + 0.5) * 27 / 35 - 0.5
  at::Tensor column = at::arange(27, at::kFloat).repeat({27}).unsqueeze(1);
  at::Tensor plane = resize_positions(column, 0, 35, 35).reshape({35, 35});
  at::Tensor wanted = (at::arange(35, at::kFloat) + 0.5) * (27.0 / 35.0) - 0.5;
  // libtorch's cubic bends straight lines a little; a grid aligned by its corners is off by 0.09.
  EXPECT_LT((plane - wanted).narrow(1, 3, 29).abs().max().item<float>(), 0.06);
  EXPECT_TRUE(resize_positions(positions, 1, 27, 27).allclose(positions));
}

TEST(Networks, ACacheAnswersAsTheWholeTextDoes) {
  at::NoGradGuard no_grad;
  Decoder decoder(small_decoder());
  enlarge(decoder);
  at::Tensor embeddings = decoder.embed(tokens_of(2, 12));
  at::Tensor whole = decoder.hidden({.embeddings = embeddings});
  KvCache cache(decoder.decoder_config(), 2, 12, embeddings.options());
  std::vector<at::Tensor> parts;
  std::int64_t begin = 0;
  for (std::int64_t length : {5, 1, 4, 2}) {
    parts.push_back(
        decoder.hidden({.embeddings = embeddings.narrow(1, begin, length), .cache = &cache}));
    begin += length;
  }
  EXPECT_LT((at::cat(parts, 1) - whole).abs().max().item<float>(), 1e-5);
}

TEST(Networks, ATextDoesNotDependOnThePaddingAtItsLeft) {
  Decoder decoder(small_decoder());
  enlarge(decoder);
  GenerateOptions options{.new_tokens_max = 10};
  at::NoGradGuard no_grad;
  at::Tensor alone = decoder.embed(tokens_of(1, 6));
  at::Tensor text = generate(decoder, alone, at::ones({1, 6}, at::kBool), options);
  at::Tensor company = at::cat({at::cat({at::randn({1, 3, 16}), alone}, 1), at::randn({1, 9, 16})});
  at::Tensor mask = at::ones({2, 9}, at::kBool);
  mask[0].narrow(0, 0, 3).fill_(false);
  EXPECT_TRUE(generate(decoder, company, mask, options)[0].equal(text[0]));
}

// Heads of 16 numbers take the way of token_step.h; the whole text read at once does not.
TEST(Networks, TokenByTokenSaysWhatTheWholeTextSays) {
  at::NoGradGuard no_grad;
  DecoderConfig config = small_decoder();
  config.width = 64;
  config.heads = 4;
  config.kv_heads = 2;
  config.head_width = 16;
  config.activation = Activation::kGeluTanh;
  config.attention_bias = config.mlp_bias = true;
  Decoder decoder(config);
  enlarge(decoder);
  at::Tensor tokens = tokens_of(3, 12), mask = at::ones({3, 12}, at::kBool);
  mask[0].narrow(0, 0, 3).fill_(false);
  mask[2].narrow(0, 0, 5).fill_(false);
  at::Tensor positions = (mask.to(at::kLong).cumsum(1) - 1).clamp_min(0);
  at::Tensor rows = decoder.embed(tokens);
  at::Tensor whole =
      decoder.logits(decoder.hidden({.embeddings = rows, .mask = mask, .positions = positions}));
  Reading reading(decoder, rows.narrow(1, 0, 7), mask.narrow(1, 0, 7), 5);
  for (std::int64_t i = 7; i < 12; ++i) {
    EXPECT_LT((reading.logits() - whole.select(1, i - 1)).abs().max().item<float>(), 1e-4) << i;
    reading.read(tokens.select(1, i));
  }
  EXPECT_LT((reading.logits() - whole.select(1, 11)).abs().max().item<float>(), 1e-4);
}

TEST(Networks, ATextThatHasEndedGoesOnInPadding) {
  DecoderConfig config = small_decoder();
  Decoder free(config);
  enlarge(free);
  at::NoGradGuard no_grad;
  at::Tensor embeddings = free.embed(tokens_of(2, 6));
  at::Tensor mask = at::ones({2, 6}, at::kBool);
  GenerateOptions options{.new_tokens_max = 8};
  at::Tensor texts = generate(free, embeddings, mask, options);
  std::int64_t end = texts[0][3].item<std::int64_t>();
  std::int64_t length = texts[0].eq(end).to(at::kInt).argmax().item<std::int64_t>() + 1;
  config.eos_tokens = {end};
  config.pad_token = 29;
  Decoder ending(config);
  enlarge(ending);
  at::Tensor ended = generate(ending, embeddings, mask, options)[0];
  ASSERT_GT(ended.size(0), length) << "the other text goes on";
  EXPECT_TRUE(ended.narrow(0, 0, length).equal(texts[0].narrow(0, 0, length)));
  EXPECT_TRUE(ended.narrow(0, length, ended.size(0) - length).eq(29).all().item<bool>());
}

TEST(Networks, ANucleusIsTheLikeliestTokensThatTogetherWeighEnough) {
  at::Tensor logits = at::tensor({0.2, 0.5, 0.3}).log().unsqueeze(0);
  auto pick = [&](double top_p, double uniform) {
    return pick_nucleus(logits, 1, top_p, at::full({1}, uniform, at::kDouble)).item<std::int64_t>();
  };
  // Of 0.7 the first, of 0.5, is not enough; with the second, of 0.3, it is: 0.5 / 0.8 = 0.625.
  EXPECT_EQ(pick(0.7, 0.0), 1);
  EXPECT_EQ(pick(0.7, 0.62), 1);
  EXPECT_EQ(pick(0.7, 0.63), 2);
  EXPECT_EQ(pick(0.7, 0.999999), 2);
  EXPECT_EQ(pick(0.4, 0.999999), 1);
  EXPECT_EQ(pick(1.0, 0.999999), 0);
  at::Tensor cold = pick_nucleus(logits, 0.01, 1, at::full({1}, 0.99, at::kDouble));
  EXPECT_EQ(cold.item<std::int64_t>(), 1);
}

TEST(Networks, DrawnTextsDependOnTheSeedAndNotOnTheCompany) {
  at::NoGradGuard no_grad;
  Decoder decoder(small_decoder());
  enlarge(decoder);
  GenerateOptions options{.new_tokens_max = 12, .temperature = 2, .seed = 5};
  at::Tensor two = decoder.embed(tokens_of(2, 6));
  at::Tensor mask = at::ones({2, 6}, at::kBool);
  at::Tensor drawn = generate(decoder, two, mask, options);
  EXPECT_TRUE(generate(decoder, two, mask, options).equal(drawn));
  at::Tensor alone = generate(decoder, two.narrow(0, 0, 1), mask.narrow(0, 0, 1), options);
  EXPECT_TRUE(alone[0].equal(drawn[0]));
  options.seed = 6;
  EXPECT_FALSE(generate(decoder, two, mask, options).equal(drawn));
}

TEST(Networks, LossesOfTwoBatchesAddUpToTheLossOfBoth) {
  at::NoGradGuard no_grad;
  Decoder decoder(small_decoder());
  enlarge(decoder);
  at::Tensor tokens = tokens_of(4, 9);
  at::Tensor labels = tokens.clone();
  labels[0].fill_(Decoder::kIgnored);
  labels[2].narrow(0, 0, 5).fill_(Decoder::kIgnored);
  at::Tensor rows = decoder.embed(tokens);
  Loss both = decoder.loss({.embeddings = rows}, labels);
  Loss first = decoder.loss({.embeddings = rows.narrow(0, 0, 2)}, labels.narrow(0, 0, 2));
  Loss second = decoder.loss({.embeddings = rows.narrow(0, 2, 2)}, labels.narrow(0, 2, 2));
  EXPECT_EQ(both.tokens, 8 + 4 + 8);
  EXPECT_EQ(first.tokens + second.tokens, both.tokens);
  EXPECT_NEAR((first.sum + second.sum).item<float>(), both.sum.item<float>(), 1e-3);
}

TEST(Networks, ALossIsThatOfAllLogitsWhereLabelsAreKept) {
  at::NoGradGuard no_grad;
  Decoder decoder(small_decoder());
  enlarge(decoder);
  at::Tensor tokens = tokens_of(2, 9);
  at::Tensor labels = tokens.clone();
  labels.narrow(1, 0, 4).fill_(Decoder::kIgnored);
  labels[1].narrow(0, 6, 1).fill_(Decoder::kIgnored);
  const DecoderInput input{.embeddings = decoder.embed(tokens)};
  at::Tensor logits = decoder.logits(decoder.hidden(input)).narrow(1, 0, 8).reshape({16, 30});
  at::Tensor wanted = at::cross_entropy_loss(logits, labels.narrow(1, 1, 8).reshape({16}), {},
                                             at::Reduction::Sum, Decoder::kIgnored);
  EXPECT_NEAR(decoder.loss(input, labels).sum.item<float>(), wanted.item<float>(), 1e-4);
}

TEST(Networks, OnlyWhatLearnsGetsGradients) {
  LlavaConfig config;
  config.text = small_decoder();
  config.image_token = 25;
  config.vision.encoder = {.width = 8, .mlp_width = 12, .layers = 2, .heads = 2};
  config.vision.image_side = 8;
  config.vision.patch_side = 4;
  Llava llava(config);
  enlarge(llava);
  set_learning(llava, "multi_modal_projector.", true);
  at::Tensor tokens = tokens_of(1, 9);
  tokens[0].narrow(0, 2, 4).fill_(25);
  llava.loss(tokens, at::randn({1, 3, 8, 8}), {}, tokens).mean().backward();
  for (const Parameter& p : llava.parameters()) {
    EXPECT_EQ(p.tensor->grad().defined(), p.name.starts_with("multi_modal_projector.")) << p.name;
  }
}

TEST(Networks, AProjectorOfOneMatrixHasAnIdentityBehindIt) {
  at::NoGradGuard no_grad;
  LlavaConfig config;
  config.text = small_decoder();
  config.vision.encoder = {.width = 8, .mlp_width = 12, .layers = 2, .heads = 2};
  config.projector_activation = Activation::kNone;
  Llava llava(config);
  enlarge(llava);
  Projector& projector = llava.projector();
  projector.identity_second();
  at::Tensor x = at::randn({2, 5, 8});
  EXPECT_TRUE(projector(x, Activation::kNone).allclose(projector.linear_1(x)));
}

TEST(NetworksDeathTest, AWrongShapeIsABugNamedWithBothShapes) {
  Decoder decoder(small_decoder());
  initialise(decoder, 1);
  EXPECT_DEATH(decoder.hidden({.embeddings = at::zeros({2, 3, 5})}),
               "x is \\[2, 3, 5\\], not \\[2, 3, 16\\]");
}

TEST(NetworksDeathTest, ImageTokensAndPatchesAreAsMany) {
  LlavaConfig config;
  config.text = small_decoder();
  config.image_token = 25;
  Llava llava(config);
  EXPECT_DEATH(
      {
        enlarge(llava);
        llava.embed(tokens_of(1, 9), at::zeros({1, 4, 16}));
      },
      "0 image tokens for 4 rows of pictures");
}

TEST(Networks, WhatLibtorchThrowsEndsAtTheDoor) {
  auto result = behind_door("adding", [] { return at::ones({2}) + at::ones({3}); });
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Code::kEngineGone);
  EXPECT_NE(result.error().message.find("adding"), std::string::npos);
  EXPECT_EQ(result.error().message.find('\n'), std::string::npos);
}

}  // namespace
}  // namespace kale
