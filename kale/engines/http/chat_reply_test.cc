#include "kale/engines/http/chat_reply.h"

#include <gtest/gtest.h>

#include "kale/text/utf8.h"

namespace kale::http {
namespace {

Code code_of(std::string_view body) {
  auto reply = parse_chat_reply(body, 9);
  KALE_CHECK(!reply.has_value(), "the test expects an error");
  EXPECT_TRUE(is_valid_utf8(reply.error().message));
  return reply.error().code;
}

std::string text_of(std::string_view content) {
  std::string body = R"({"choices":[{"message":{"content":)" + std::string(content) + "}}]}";
  auto reply = parse_chat_reply(body, 1);
  return reply ? reply->choices.at(0).text : "error: " + reply.error().message;
}

TEST(ChatReply, ReadsWhatServersSend) {
  auto reply = parse_chat_reply(R"({"id":"x","object":"chat.completion","choices":[
      {"index":0,"message":{"role":"assistant","content":"A cat."},"finish_reason":"stop"},
      {"index":1,"message":{"role":"assistant","content":"A c"},"finish_reason":"length"},
      {"index":2,"message":{"role":"assistant","content":null},"finish_reason":"content_filter"}],
      "usage":{"prompt_tokens":11,"completion_tokens":8,"total_tokens":19}})",
                                3);
  ASSERT_TRUE(reply) << reply.error().message;
  ASSERT_EQ(reply->choices.size(), 3u);
  EXPECT_EQ(reply->choices[0].text, "A cat.");
  EXPECT_EQ(reply->choices[0].finish, Finish::kStop);
  EXPECT_EQ(reply->choices[1].finish, Finish::kLength);
  EXPECT_EQ(reply->choices[2].text, "");
  EXPECT_EQ(reply->prompt_tokens, 11);
  EXPECT_EQ(reply->choices[0].new_tokens, 4);
  EXPECT_EQ(reply->choices[1].new_tokens + reply->choices[2].new_tokens, 4);
}

TEST(ChatReply, OnlyAnEndThatIsKnownIsWhole) {
  auto finish = [](const std::string& reason) {
    auto reply = parse_chat_reply(
        R"({"choices":[{"message":{"content":"A cat"}, "finish_reason":)" + reason + "}]}", 1);
    return reply->choices.at(0).finish;
  };
  for (const char* whole : {"\"stop\"", "\"eos\"", "\"eos_token\"", "\"stop_sequence\"", "null"})
    EXPECT_EQ(finish(whole), Finish::kStop) << whole;
  for (const char* cut : {"\"length\"", "\"content_filter\"", "\"abort\"", "\"error\"",
                          "\"tool_calls\"", "\"\"", "7", "{}"})
    EXPECT_EQ(finish(cut), Finish::kLength) << cut;
  EXPECT_EQ(finish("\"repetition\""), Finish::kRepetition);
}

TEST(ChatReply, ContentIsATextNothingOrParts) {
  EXPECT_EQ(text_of(R"("plain")"), "plain");
  EXPECT_EQ(text_of("null"), "");
  EXPECT_EQ(text_of(R"([{"type":"text","text":"a "},{"type":"thinking","x":1},"b"])"), "a b");
  EXPECT_EQ(text_of("[]"), "");
  EXPECT_NE(text_of("7").find("error"), std::string::npos);
  EXPECT_NE(text_of(R"([{"type":"text"}])").find("error"), std::string::npos);
  EXPECT_NE(text_of("[[]]").find("error"), std::string::npos);
}

TEST(ChatReply, TakesNoMoreChoicesThanAskedFor) {
  auto reply = parse_chat_reply(
      R"({"choices":[{"message":{"content":"a"}},{"message":{"content":"b"}}]})", 1);
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->choices.size(), 1u);
}

TEST(ChatReply, ForeignFormsAreCorrupt) {
  for (const char* body : {"", "null", "[]", "{", "garbage", "\xff\xfe", "{}", R"({"choices":[]})",
                           R"({"choices":{}})", R"({"choices":[1]})", R"({"choices":[{}]})",
                           R"({"choices":[{"message":"text"}]})", R"({"choices":[{"message":{}}]})",
                           R"({"choices":[{"text":"an older protocol"}]})",
                           R"({"choices":[{"message":{"content":"x"}}], "usage": 1e999})"})
    EXPECT_EQ(code_of(body), Code::kCorrupt) << body;
}

TEST(ChatReply, AnErrorObjectIsARejection) {
  EXPECT_EQ(code_of(R"({"error":{"message":"too long","code":400}})"), Code::kRejected);
  EXPECT_EQ(code_of(R"({"error":"too long"})"), Code::kRejected);
  EXPECT_TRUE(parse_chat_reply(R"({"error":null,"choices":[{"message":{"content":"x"}}]})", 1));
}

TEST(ChatReply, NumbersThatFitNowhereAreClamped) {
  for (const char* number : {"99999999999999999999", "1e300", "-5", "\"many\"", "null"}) {
    std::string body = R"({"choices":[{"message":{"content":"x"}}],"usage":{"prompt_tokens":)" +
                       std::string(number) + "}}";
    auto reply = parse_chat_reply(body, 1);
    ASSERT_TRUE(reply) << number;
    EXPECT_GE(reply->prompt_tokens, 0);
  }
}

TEST(ChatReply, DeepNestingIsRefusedBeforeItIsParsed) {
  auto nested = [](int depth) {
    return R"({"choices":[{"message":{"content":"[[[[{{{{"}}],"x":)" + std::string(depth, '[') +
           std::string(depth, ']') + "}";
  };
  EXPECT_TRUE(parse_chat_reply(nested(kDepthMax - 1), 1));
  EXPECT_EQ(code_of(nested(kDepthMax)), Code::kCorrupt);
  EXPECT_EQ(code_of(nested(2'000'000)), Code::kCorrupt);
}

TEST(ChatReply, TextIsAlwaysUtf8) {
  EXPECT_EQ(text_of("\"a\xff b\xc3\""), "a\xEF\xBF\xBD b\xEF\xBF\xBD");
  EXPECT_EQ(text_of(R"("caf\u00e9 \ud83d\ude00")"), "caf\xC3\xA9 \xF0\x9F\x98\x80");
  EXPECT_EQ(code_of(R"({"choices":[{"message":{"content":"\ud83d"}}]})"), Code::kCorrupt);
}

TEST(ChatReply, AnErrorObjectStatesAStatus) {
  EXPECT_EQ(stated_status(R"({"error":{"message":"slow down","code":429}})"), 429);
  EXPECT_EQ(stated_status(R"({"error":{"code":503}, "choices":[]})"), 503);
  for (const char* unclear : {R"({"error":"no"})", R"({"error":{"code":"rate_limit"}})",
                              R"({"error":{"code":200}})", R"({"error":{"code":1e30}})"})
    EXPECT_EQ(stated_status(unclear), 400) << unclear;
  for (const char* none : {"", "[\"error\"]", R"({"error":null})", R"({"x":{"error":1}})",
                           R"({"choices":[{"message":{"content":"an \"error\""}}]})"})
    EXPECT_EQ(stated_status(none), std::nullopt) << none;
}

TEST(ChatReply, TheTokenIsOutOfErrorsBeforeTheyAreCut) {
  for (std::size_t before = 0; before < 2'000; before += 7) {
    std::string text = std::string(before, before % 2 == 0 ? 'x' : ' ') + R"(sk-very\/secret)";
    std::string error = R"({"error":{"message":")" + text + "\"}}";
    for (const std::string& body : {text, error}) {
      std::string shown = server_text(body, "sk-very/secret");
      EXPECT_EQ(shown.find("sk-"), std::string::npos) << before << ": " << shown;
      std::string told = parse_chat_reply(body, 1, "sk-very/secret").error().message;
      EXPECT_EQ(told.find("sk-"), std::string::npos) << before << ": " << told;
    }
  }
  EXPECT_EQ(server_text("no such token", "token"), "no such token");
}

TEST(ChatReply, ShowsWhatTheServerSaysInOneShortLine) {
  EXPECT_EQ(server_text(R"({"error":{"message":"no\n\tsuch   model"}})"), "no such model");
  EXPECT_EQ(server_text(R"({"detail":"not found"})"), "not found");
  EXPECT_EQ(server_text("<html>\r\n502</html>"), "<html> 502</html>");
  std::string huge(100'000, 'x');
  EXPECT_LE(server_text(huge).size(), kServerTextBytesMax + 3);
  std::string snow;
  for (int i = 0; i < 1'000; ++i) snow += "\xE2\x98\x83";
  EXPECT_TRUE(is_valid_utf8(server_text("x" + snow)));
  EXPECT_TRUE(is_valid_utf8(server_text("xy" + snow)));
}

}  // namespace
}  // namespace kale::http
