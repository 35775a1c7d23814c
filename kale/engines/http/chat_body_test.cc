#include "kale/engines/http/chat_body.h"

#include <gtest/gtest.h>
#include <turbojpeg.h>

#include <cstdlib>
#include <memory>
#include <nlohmann/json.hpp>

#include "kale/engines/http/picture.h"

namespace kale::http {
namespace {

using nlohmann::json;

json body_of(const Prompt& prompt, const Decoding& decoding = {}, std::string_view extra = "",
             BodyOptions options = {.model = "tiny", .sees_images = true, .sends_urls = true}) {
  auto made = ChatBody::make(std::move(options), extra);
  KALE_CHECK(made.has_value(), "the test's fields are fine");
  auto text = made->text(prompt, decoding);
  EXPECT_TRUE(text) << text.error().message;
  return text ? json::parse(*text) : json();
}

Prompt two_turns() {
  return {.messages = {
              {"system", "be brief"}, {"user", "first"}, {"assistant", "a"}, {"user", "second"}}};
}

PixelsPtr gradient(int width, int height) {
  auto pixels = std::make_shared<Pixels>();
  pixels->width = width;
  pixels->height = height;
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) {
      pixels->rgb.push_back(static_cast<std::uint8_t>(255 * x / width));
      pixels->rgb.push_back(static_cast<std::uint8_t>(255 * y / height));
      pixels->rgb.push_back(40);
    }
  return pixels;
}

std::string unbase64(std::string_view text) {
  std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bytes;
  unsigned bits = 0;
  int have = 0;
  for (char c : text) {
    if (c == '=') break;
    bits = bits << 6 | static_cast<unsigned>(digits.find(c));
    have += 6;
    if (have < 8) continue;
    have -= 8;
    bytes.push_back(static_cast<char>(bits >> have & 255));
  }
  return bytes;
}

TEST(ChatBody, HoldsTheMessagesAndTheDecoding) {
  Decoding decoding{.new_tokens_max = 33,
                    .temperature = 0.5,
                    .top_p = 0.9,
                    .top_k = 40,
                    .repetition_penalty = 1.1,
                    .candidates = 4,
                    .seed = 5,
                    .stop = {"\n\n"}};
  EXPECT_EQ(body_of(two_turns(), decoding), json::parse(R"({"model": "tiny", "messages": [
      {"role": "system", "content": "be brief"}, {"role": "user", "content": "first"},
      {"role": "assistant", "content": "a"}, {"role": "user", "content": "second"}],
      "max_tokens": 33, "temperature": 0.5, "top_p": 0.9, "top_k": 40, "repetition_penalty": 1.1,
      "n": 4, "seed": 5, "stop": ["\n\n"]})"));
}

TEST(ChatBody, LeavesOutWhatIsNeutral) {
  json body = body_of(two_turns());
  for (const char* name : {"top_p", "top_k", "repetition_penalty", "n", "stop"})
    EXPECT_FALSE(body.contains(name)) << name;
  EXPECT_EQ(body["temperature"], 0);
}

TEST(ChatBody, SeedsFitEveryServer) {
  json body = body_of(two_turns(), {.seed = 0xffffffff80000007});
  EXPECT_EQ(body["seed"], 7);
  EXPECT_EQ(sent_seed(7, 2), 9u);
}

TEST(ChatBody, MoreFieldsAreMergedAndNullTakesOneOut) {
  json body = body_of(two_turns(), {.top_k = 3},
                      R"({"chat_template_kwargs": {"enable_thinking": false}, "top_k": null})");
  EXPECT_EQ(body["chat_template_kwargs"]["enable_thinking"], false);
  EXPECT_FALSE(body.contains("top_k"));
  for (const char* bad : {"[]", "{", "7", R"({"messages": []})", R"({"stream": true})",
                          R"({"model": "x"})", R"({"n": 2})"})
    EXPECT_EQ(ChatBody::make({}, bad).error().code, Code::kBadConfig) << bad;
}

TEST(ChatBody, PicturesStandBeforeTheLastUserMessage) {
  Prompt prompt = two_turns();
  prompt.messages.push_back({"assistant", "prefilled"});
  prompt.images = {gradient(8, 8)};
  prompt.image_urls = {"https://pictures.example/a.jpg?x=1&y=2"};
  json messages = body_of(prompt)["messages"];
  EXPECT_EQ(messages[1]["content"], "first");
  const json& parts = messages[3]["content"];
  ASSERT_EQ(parts.size(), 3u);
  EXPECT_EQ(parts[0]["type"], "image_url");
  EXPECT_EQ(parts[0]["image_url"]["url"].get<std::string>().rfind("data:image/jpeg;base64,", 0),
            0u);
  EXPECT_EQ(parts[1]["image_url"]["url"], "https://pictures.example/a.jpg?x=1&y=2");
  EXPECT_EQ(parts[2], json::parse(R"({"type": "text", "text": "second"})"));
}

TEST(ChatBody, PicturesNeedAnEngineThatTakesThem) {
  Prompt pixels = two_turns(), url = two_turns(), local = two_turns();
  pixels.images = {gradient(4, 4)};
  url.image_urls = {"https://pictures.example/a.jpg"};
  local.image_urls = {"file:///etc/passwd"};
  auto blind = ChatBody::make({.model = "x"}, "");
  auto sees = ChatBody::make({.model = "x", .sees_images = true}, "");
  auto fetches = ChatBody::make({.model = "x", .sees_images = true, .sends_urls = true}, "");
  EXPECT_EQ(blind->text(pixels, {}).error().code, Code::kBadConfig);
  EXPECT_EQ(blind->text(url, {}).error().code, Code::kBadConfig);
  EXPECT_TRUE(sees->text(pixels, {}));
  EXPECT_EQ(sees->text(url, {}).error().code, Code::kBadConfig);
  EXPECT_TRUE(fetches->text(url, {}));
  EXPECT_EQ(fetches->text(local, {}).error().code, Code::kRejected);
}

TEST(Picture, TheDataUriIsTheSamePicture) {
  PixelsPtr sent = gradient(37, 21);
  auto uri = jpeg_data_uri(*sent, 95);
  ASSERT_TRUE(uri) << uri.error().message;
  std::string jpeg = unbase64(std::string_view(*uri).substr(uri->find(',') + 1));
  std::unique_ptr<void, int (*)(tjhandle)> decoder(tjInitDecompress(), tjDestroy);
  auto* bytes = reinterpret_cast<const unsigned char*>(jpeg.data());
  int width = 0, height = 0, sampling = 0, space = 0;
  ASSERT_EQ(
      tjDecompressHeader3(decoder.get(), bytes, jpeg.size(), &width, &height, &sampling, &space),
      0);
  EXPECT_EQ(width, 37);
  EXPECT_EQ(height, 21);
  EXPECT_EQ(sampling, TJSAMP_444);
  std::vector<unsigned char> got(sent->rgb.size());
  ASSERT_EQ(
      tjDecompress2(decoder.get(), bytes, jpeg.size(), got.data(), width, 0, height, TJPF_RGB, 0),
      0);
  int worst = 0;
  for (std::size_t i = 0; i < got.size(); ++i)
    worst = std::max(worst, std::abs(int{got[i]} - int{sent->rgb[i]}));
  EXPECT_LE(worst, 8);
}

TEST(Picture, QualityCounts) {
  PixelsPtr picture = gradient(64, 64);
  EXPECT_LT(jpeg_data_uri(*picture, 20)->size(), jpeg_data_uri(*picture, 100)->size());
  EXPECT_EQ(jpeg_data_uri(Pixels{}, 90).error().code, Code::kLimit);
}

TEST(Picture, Base64) {
  auto of = [](std::string_view text) {
    return base64({reinterpret_cast<const unsigned char*>(text.data()), text.size()});
  };
  EXPECT_EQ(of(""), "");
  EXPECT_EQ(of("f"), "Zg==");
  EXPECT_EQ(of("fo"), "Zm8=");
  EXPECT_EQ(of("foo"), "Zm9v");
  EXPECT_EQ(of("foobar"), "Zm9vYmFy");
  EXPECT_EQ(of("\xff\xfe\xfd"), "//79");
}

}  // namespace
}  // namespace kale::http
