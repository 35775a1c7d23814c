#include "kale/models/vocabulary.h"

#include <gtest/gtest.h>

#include "kale/models/vocabulary_fake.h"

namespace kale {
namespace {

using Json = nlohmann::json;

Result<BpeVocabulary> read(const Json& json) {
  return read_vocabulary(json.dump(), "tokenizer.json");
}

std::string error_of(const Json& json) {
  auto read_one = read(json);
  return read_one ? "" : read_one.error().message;
}

Json with(std::string_view pointer, const Json& value) {
  Json json = fake_vocabulary();
  json[Json::json_pointer(std::string(pointer))] = value;
  return json;
}

Json split_by(const std::string& pattern) {
  return {{"type", "Sequence"},
          {"pretokenizers",
           {{{"type", "Split"},
             {"pattern", {{"Regex", pattern}}},
             {"behavior", "Isolated"},
             {"invert", false}},
            {{"type", "ByteLevel"}, {"add_prefix_space", false}, {"use_regex", false}}}}};
}

const char* const kQwen2 =
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+)"
    R"([\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)";

TEST(Vocabulary, TokensByNumberWithTheirKinds) {
  auto vocabulary = read(fake_vocabulary());
  ASSERT_TRUE(vocabulary) << describe_error(vocabulary.error());
  ASSERT_EQ(vocabulary->tokens.size(), 263U);
  EXPECT_EQ(vocabulary->tokens[259], "hell");
  EXPECT_EQ(vocabulary->kinds[259], TokenKind::kNormal);
  EXPECT_EQ(vocabulary->kinds[260], TokenKind::kControl);
  EXPECT_EQ(vocabulary->kinds[262], TokenKind::kWord);
  EXPECT_EQ(vocabulary->merges.back(), "he ll");
  EXPECT_EQ(vocabulary->split, "gpt-2");
  EXPECT_FALSE(vocabulary->nfc);
  EXPECT_FALSE(vocabulary->begins);
  EXPECT_EQ(vocabulary->numbers().at("<image>"), 261);
}

TEST(Vocabulary, MergesInBothNotationsAreTheSame) {
  Json pairs = Json::array();
  const Json whole = fake_vocabulary();
  for (const std::string merge : whole["model"]["merges"]) {
    std::size_t blank = merge.find(' ');
    pairs.push_back({merge.substr(0, blank), merge.substr(blank + 1)});
  }
  EXPECT_EQ(read(with("/model/merges", pairs))->merges, read(fake_vocabulary())->merges);
}

TEST(Vocabulary, KnowsTheSplitsOfFourFamiliesAndRefusesOthers) {
  Json digits = {{"type", "Digits"}, {"individual_digits", true}};
  Json letters = {{"type", "ByteLevel"}, {"add_prefix_space", false}, {"use_regex", true}};
  Json smollm = {{"type", "Sequence"}, {"pretokenizers", {digits, letters}}};
  EXPECT_EQ(read(with("/pre_tokenizer", smollm))->split, "smollm");
  EXPECT_EQ(read(with("/pre_tokenizer", split_by(kQwen2)))->split, "qwen2");
  std::string llama = kQwen2;
  llama.replace(llama.find("|\\p{N}|"), 7, "|\\p{N}{1,3}|");
  Json llama3 = with("/pre_tokenizer", split_by(llama));
  EXPECT_NE(error_of(llama3).find("ignore_merges"), std::string::npos) << error_of(llama3);
  llama3["model"]["ignore_merges"] = true;
  EXPECT_EQ(read(llama3)->split, "llama-bpe");

  std::string other = error_of(with("/pre_tokenizer", split_by("\\s+")));
  EXPECT_NE(other.find("tokenizer.json: key pre_tokenizer"), std::string::npos) << other;
  EXPECT_NE(other.find("take a model"), std::string::npos) << other;
  letters["add_prefix_space"] = true;
  EXPECT_FALSE(read(with("/pre_tokenizer", letters)));
  digits["individual_digits"] = false;
  EXPECT_FALSE(
      read(with("/pre_tokenizer", {{"type", "Sequence"}, {"pretokenizers", {digits, letters}}})));
}

TEST(Vocabulary, ATextMayBeginWithAToken) {
  Json begins = {{"type", "TemplateProcessing"},
                 {"single",
                  {{{"SpecialToken", {{"id", "<|end|>"}, {"type_id", 0}}}},
                   {{"Sequence", {{"id", "A"}, {"type_id", 0}}}}}}};
  EXPECT_EQ(read(with("/post_processor", begins))->begins, 260);
  Json both = {{"type", "Sequence"},
               {"processors", {{{"type", "ByteLevel"}, {"trim_offsets", false}}, begins}}};
  EXPECT_EQ(read(with("/post_processor", both))->begins, 260);
  both["processors"] = {{"0", begins}};
  EXPECT_NE(error_of(with("/post_processor", both)).find("post_processor"), std::string::npos);
  std::swap(begins["single"][0], begins["single"][1]);
  EXPECT_NE(error_of(with("/post_processor", begins)).find("post_processor"), std::string::npos);
}

TEST(Vocabulary, WhatLlamaCppWouldReadOtherwiseIsRefusedByItsKey) {
  auto names = [](const Json& json, std::string_view key) {
    std::string error = error_of(json);
    EXPECT_NE(error.find(key), std::string::npos) << key << ": " << error;
  };
  names(with("/model/type", "Unigram"), "model.type");
  names(with("/model", 3), "model.type");
  names(with("/model/byte_fallback", true), "byte_fallback");
  names(with("/model/dropout", 0.1), "dropout");
  names(with("/model/end_of_word_suffix", "</w>"), "end_of_word_suffix");
  names(with("/model/ignore_merges", true), "ignore_merges");
  names(with("/normalizer", {{"type", "Lowercase"}}), "normalizer");
  names(with("/decoder", {{"type", "Metaspace"}}), "decoder");
  names(with("/added_tokens/1/lstrip", true), "\"<image>\" lstrip");
  Json no_byte = fake_vocabulary();
  no_byte["model"]["vocab"].erase(fake_letter(0xF5));
  names(no_byte, "byte 245");
  EXPECT_TRUE(read(with("/normalizer", {{"type", "NFC"}}))->nfc);
}

TEST(Vocabulary, TokensThatContradictEachOtherAreCorrupt) {
  for (const Json& json : {with("/model/vocab/hell", 258), with("/model/vocab/hell", -1),
                           with("/model/vocab/hell", kTokensMax), with("/added_tokens/0/id", 17),
                           with("/added_tokens/0/content", "hell"), with("/model/merges/0", "h x"),
                           with("/model/merges/0", "he"), with("/model/merges", 3),
                           with("/added_tokens", 3), with("/model/vocab", 3), Json(3)}) {
    auto vocabulary = read(json);
    ASSERT_FALSE(vocabulary) << json;
    EXPECT_EQ(vocabulary.error().code, Code::kCorrupt) << vocabulary.error().message;
  }
}

}  // namespace
}  // namespace kale
