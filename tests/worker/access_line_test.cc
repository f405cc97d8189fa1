// SPDX-License-Identifier: MIT
#include "worker/log/access_line.h"

#include <gtest/gtest.h>

#include "tests/worker/worker_testing.h"

namespace sqlicorn {
namespace {

// The line of a request of this target and client program.
std::string LineOf(const std::string& target, const std::string& agent, const char* format) {
  const ParsedRequest request("GET " + target + " HTTP/1.1\r\nHost: h\r\nUser-Agent: " + agent +
                              "\r\n\r\n");
  Reply reply;
  reply.body = "12345";
  std::string scratch;
  std::string line;
  AppendAccessLine(ParseAccessFormat(format).value(),
                   {.peer = "10.0.0.1",
                    .request = request.message(),
                    .reply = reply,
                    .time = "[T]",
                    .iso_time = "T",
                    .pid = "7",
                    .scratch = scratch},
                   &line);
  return line;
}

std::string TextOf(const std::string& agent) {
  return LineOf("/", agent, R"("%(a)s" %(s)s)");
}

TEST(AccessLine, LetsNoClientEndAFieldNorWriteAnEscape) {
  const struct {
    const char* agent;
    const char* text;
  } cases[] = {
      {R"(a"b)", R"("a\"b" 200)"},
      {R"(\" 200 0 "-)", R"("\\\" 200 0 \"-" 200)"},
      {R"(\x0A)", R"("\\x0A" 200)"},
      {"a\x9b\x80\x9f", R"("a\x9B\x80\x9F" 200)"},
      {"\xc2\x9b", R"("\xC2\x9B" 200)"},
      {"\xc3\x84\tb",
       "\"\xc3\x84\\x09"
       "b\" 200"},
      {R"(\\" " \\)", R"("\\\\\" \" \\\\" 200)"},
  };

  for (const auto& c : cases) {
    EXPECT_EQ(TextOf(c.agent), std::string(c.text) + "\n");
  }
}

TEST(AccessLine, SaysNothingToATerminalWithItsPath) {
  EXPECT_EQ(LineOf("/%1b%5c%9b%c2%9b%c3%84", "", "%(U)s"), "/\\x1B\\\\\\x9B\\xC2\\x9B\xc3\x84\n");
}

TEST(AccessLine, SaysNothingToATerminalAsJson) {
  const std::string line = LineOf("/%c2%9b%7f%5c", "\x9b\xc2\x9b\xc2\xa0", "json");
  EXPECT_NE(line.find(R"("path":"/\u009b\u007f\\",)"), std::string::npos) << line;
  EXPECT_NE(line.find("\"user_agent\":\"\xEF\xBF\xBD\\u009b\xc2\xa0\","), std::string::npos)
      << line;
}

}  // namespace
}  // namespace sqlicorn
