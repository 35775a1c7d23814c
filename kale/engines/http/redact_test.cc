#include "kale/engines/http/redact.h"

#include <gtest/gtest.h>

namespace kale::http {
namespace {

TEST(Redact, TakesTheTokenOutWhereverItStands) {
  EXPECT_EQ(without_token("sk-secret", "sk-secret"), "[token]");
  EXPECT_EQ(without_token("no sk-secret, sk-secretsk-secret.", "sk-secret"),
            "no [token], [token][token].");
  EXPECT_EQ(without_token("sk-secre", "sk-secret"), "sk-secre");
  EXPECT_EQ(without_token("", "sk-secret"), "");
  EXPECT_EQ(without_token("sk-sk-secret", "sk-secret"), "sk-[token]");
}

TEST(Redact, SeesThroughEscapes) {
  for (const char* text : {R"(sk-very/secret)", R"(sk-very\/secret)", R"(sk-very\\\/secret)",
                           R"(\u0073k-very/secret)", R"(sk-very\\u002Fsecre\u0074)"})
    EXPECT_EQ(without_token(text, "sk-very/secret"), "[token]") << text;
  EXPECT_EQ(without_token(R"(say \"a\\\"longone\")", R"(a\"longone)"), R"(say \"[token]\")");
  EXPECT_EQ(without_token(R"(sk-very\u00)", "sk-very/secret"), R"(sk-very\u00)");
  EXPECT_EQ(without_token(R"(C:\users\)", "sk-very/secret"), R"(C:\users\)");
}

TEST(Redact, GoesOnBehindWhatItPutIn) {
  EXPECT_EQ(without_token("[token][token]", "[token][token]"), "[token]");
  EXPECT_EQ(without_token("xx[token]xx[token]", "xx[token]"), "[token][token]");
}

TEST(Redact, ShortTokensAreWordsAndStay) {
  EXPECT_EQ(without_token("the token", "token"), "the token");
  EXPECT_EQ(without_token("the token", ""), "the token");
  EXPECT_EQ(without_token(R"(\\\\\\\\\\)", R"(\\\\\\\\\\)"), R"(\\\\\\\\\\)");
}

}  // namespace
}  // namespace kale::http
