#include "kale/student/companions.h"

#include <gtest/gtest.h>

#include "kale/io/temp_folder.h"
#include "kale/models/folder.h"
#include "kale/models/vocabulary.h"
#include "kale/models/vocabulary_fake.h"

namespace kale {
namespace {

using Json = nlohmann::json;

class Student : public testing::Test {
 protected:
  void put(const Json& tokenizer) {
    ASSERT_TRUE(
        write_whole_file(real_disk(), temp_.path() / "base/tokenizer.json", tokenizer.dump()));
  }
  void SetUp() override { ASSERT_TRUE(real_disk().make_folders(temp_.path() / "base")); }
  Json written(const char* name) const {
    auto text = real_disk().read(temp_.path() / "student" / name, 1 << 20);
    return text ? Json::parse(*text) : Json();
  }
  // What the folder's files are made of; `image` where the tokeniser has it.
  Companions companions() {
    Companions made;
    made.tokenizer = *student_tokenizer(real_disk(), temp_.path() / "base");
    made.config.image_token = made.tokenizer.image;
    made.config.text.vocabulary = 300;
    made.config.text.bos_token = -1;
    made.config.text.eos_tokens = {260};
    made.config.text.pad_token = 262;
    made.pictures = student_pictures(made.config.vision);
    return made;
  }
  Status write(const Companions& made) {
    return write_companions(real_disk(), temp_.path() / "student", made);
  }
  TempFolder temp_;
};

TEST_F(Student, AnImageTokenIsAddedBehindTheLastWhereThereIsNone) {
  Json json = fake_vocabulary();
  json["added_tokens"].erase(1);  // "<image>", 261: its number stays free
  put(json);
  auto made = student_tokenizer(real_disk(), temp_.path() / "base");
  ASSERT_TRUE(made) << describe_error(made.error());
  EXPECT_TRUE(made->added);
  EXPECT_EQ(made->image, 263);
  EXPECT_EQ(made->tokens, 264);
  auto vocabulary = read_vocabulary(made->json, "made");
  ASSERT_TRUE(vocabulary) << describe_error(vocabulary.error());
  EXPECT_EQ(vocabulary->tokens[263], kImageToken);
  EXPECT_EQ(vocabulary->kinds[263], TokenKind::kControl);
  EXPECT_EQ(vocabulary->tokens[259], "hell");
}

TEST_F(Student, AnImageTokenThatIsThereIsTaken) {
  put(fake_vocabulary());
  auto made = student_tokenizer(real_disk(), temp_.path() / "base");
  ASSERT_TRUE(made) << describe_error(made.error());
  EXPECT_FALSE(made->added);
  EXPECT_EQ(made->image, 261);
  EXPECT_EQ(Json::parse(made->json), fake_vocabulary());
}

TEST_F(Student, AnImageTokenThatWordsOfATextCouldBeIsRefused) {
  Json json = fake_vocabulary();
  json["added_tokens"][1]["special"] = false;
  put(json);
  auto made = student_tokenizer(real_disk(), temp_.path() / "base");
  ASSERT_FALSE(made);
  EXPECT_NE(made.error().message.find("added_tokens"), std::string::npos) << made.error().message;
}

TEST_F(Student, FilesSayTheSameAsTheConfig) {
  put(fake_vocabulary());
  Companions made = companions();
  ASSERT_TRUE(write(made));
  EXPECT_EQ(written("tokenizer_config.json")["eos_token"], "<|end|>");
  EXPECT_EQ(written("tokenizer_config.json")["pad_token"], "<b>");
  EXPECT_EQ(written("tokenizer_config.json")["bos_token"], nullptr);
  EXPECT_EQ(written("processor_config.json")["num_additional_image_tokens"], 1);
  EXPECT_EQ(written("processor_config.json")["vision_feature_select_strategy"], "default");
  EXPECT_EQ(written("generation_config.json")["eos_token_id"], 260);
  EXPECT_EQ(written("generation_config.json")["max_new_tokens"], 256);

  auto pictures = load_picture_config(real_disk(), temp_.path() / "student");
  ASSERT_TRUE(pictures) << describe_error(pictures.error());
  EXPECT_TRUE(pictures->pad_square);
  EXPECT_EQ(pictures->height, 336);
  EXPECT_EQ(pictures->crop_width, 336);
  EXPECT_EQ(pictures->mean, made.pictures.mean);
  EXPECT_EQ(pictures->scale, made.pictures.scale);
}

TEST_F(Student, WhatDoesNotFitTheTokeniserIsRefusedBeforeAnythingIsWritten) {
  put(fake_vocabulary());
  auto refused = [&](auto change, const char* words) {
    Companions made = companions();
    change(made.config);
    Status status = write(made);
    ASSERT_FALSE(status) << words;
    EXPECT_NE(status.error().message.find(words), std::string::npos) << status.error().message;
    EXPECT_FALSE(std::filesystem::exists(temp_.path() / "student"));
  };
  refused([](LlavaConfig& c) { c.image_token = 7; }, "image_token_index is 7");
  refused([](LlavaConfig& c) { c.text.vocabulary = 262; }, "262 rows");
  refused([](LlavaConfig& c) { c.text.eos_tokens.clear(); }, "eos_token_id");
  refused([](LlavaConfig& c) { c.text.pad_token = 263; }, "names token 263");
}

}  // namespace
}  // namespace kale
