#include "kale/engines/fake/script.h"

#include <gtest/gtest.h>

namespace kale {
namespace {

Script parsed(std::string_view yaml) { return Script::parse(yaml, "script.yaml").value(); }

std::string problem(std::string_view yaml) {
  auto script = Script::parse(yaml, "script.yaml");
  EXPECT_FALSE(script) << yaml;
  EXPECT_EQ(script.error().code, Code::kBadConfig);
  return script.error().message;
}

TEST(Script, FirstMatchingRuleWins) {
  Script script = parsed(R"(
- {match: penguin, reply: a bird}
- {match: pen, reply: a tool}
)");
  EXPECT_EQ(script.choose("a penguin")->replies[0], "a bird");
  EXPECT_EQ(script.choose("a pen")->replies[0], "a tool");
  EXPECT_EQ(script.choose("a cat"), nullptr);
}

TEST(Script, EmptyScriptMatchesNothing) { EXPECT_EQ(parsed("").choose("x"), nullptr); }

TEST(Script, RegexGroupsFillTheReply) {
  Script script = parsed(R"(- {regex: 'a (\w+) ball', reply: ['One \1 ball.', 'A ball.']})");
  std::string message = "There is a red ball here";
  const Rule* rule = script.choose(message);
  ASSERT_NE(rule, nullptr);
  EXPECT_EQ(Script::reply(*rule, message, 0), "One red ball.");
  EXPECT_EQ(Script::reply(*rule, message, 1), "A ball.");
  EXPECT_EQ(Script::reply(*rule, message, 9), "A ball.");
}

TEST(Script, RuleIsUsedUpAfterItsTimes) {
  Script script = parsed("- {match: x, fail: kTimeout, times: 2}\n- {reply: done}\n");
  EXPECT_EQ(script.choose("x")->fail, Code::kTimeout);
  EXPECT_EQ(script.choose("x")->fail, Code::kTimeout);
  EXPECT_EQ(script.choose("x")->replies[0], "done");
}

TEST(Script, NamesLineAndCureOfWhatIsWrong) {
  EXPECT_EQ(problem("- match: a\n  answer: b\n"),
            "script.yaml:2: unknown key answer; known: match, regex, reply, finish, delay_ms, "
            "fail, times");
  EXPECT_NE(problem("- {fail: kNope}").find("kNope"), std::string::npos);
  EXPECT_NE(problem("- {finish: never}").find("never"), std::string::npos);
  EXPECT_NE(problem("- {regex: '('}").find("regex"), std::string::npos);
  EXPECT_NE(problem("- {delay_ms: [9, 1]}").find("delay_ms"), std::string::npos);
  EXPECT_NE(problem("- {match: a, regex: b}").find("not both"), std::string::npos);
  EXPECT_NE(problem("reply: a").find("list of rules"), std::string::npos);
  EXPECT_NE(problem("- {times: many}").find("script.yaml"), std::string::npos);
  EXPECT_NE(problem("- [").find("script.yaml"), std::string::npos);
}

}  // namespace
}  // namespace kale
