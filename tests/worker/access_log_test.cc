// SPDX-License-Identifier: MIT
#include "worker/access_log.h"

#include <cstdlib>
#include <ctime>

#include <gtest/gtest.h>

#include "common/base/file.h"
#include "tests/worker/worker_testing.h"

namespace sqlicorn {
namespace {

class NoOwner final : public ExchangeOwner {
 public:
  void OnAnswered(Exchange& /*exchange*/) override {}
};

constexpr const char* kEndpoint =
    "[statements]\ns = \"SELECT 1\"\n"
    "[[endpoint]]\npath = \"/\"\nmethods = [\"GET\"]\nsteps = [\"s\"]\n";

// The one line of a request answered with 200 and five octets, its time replaced by "[T]".
std::string LineOf(const std::string& request_text, std::string_view peer = "10.0.0.1") {
  const TestApp app(kEndpoint, "");
  const std::string path = app.directory.File("access.log");
  auto log = AccessLog::Open(path);
  const ParsedRequest request(request_text);
  NoOwner owner;
  Exchange exchange(owner, *app.dispatcher);
  exchange.Begin(request.message(), Clock::now());
  exchange.reply.body = "12345";
  log->Append(peer, exchange);
  EXPECT_EQ(ReadFile(path).value(), "");
  log->Flush();
  std::string line = ReadFile(path).value();
  const std::size_t begin = line.find('[');
  return line.replace(begin, line.find(']') + 1 - begin, "[T]");
}

TEST(AccessLog, WritesTheCombinedFormat) {
  EXPECT_EQ(LineOf("GET /a?b=%20 HTTP/1.1\r\nHost: h\r\nReferer: http://r/\r\n"
                   "User-Agent: curl/8\r\n\r\n"),
            "10.0.0.1 - - [T] \"GET /a?b=%20 HTTP/1.1\" 200 5 \"http://r/\" \"curl/8\"\n");
}

TEST(AccessLog, WritesADashForWhatIsNotThere) {
  EXPECT_EQ(LineOf("GET / HTTP/1.0\r\n\r\n", ""),
            "- - - [T] \"GET / HTTP/1.0\" 200 5 \"-\" \"-\"\n");
}

TEST(AccessLog, CountsNoBodyForHead) {
  EXPECT_EQ(LineOf("HEAD / HTTP/1.1\r\nHost: h\r\n\r\n"),
            "10.0.0.1 - - [T] \"HEAD / HTTP/1.1\" 200 0 \"-\" \"-\"\n");
}

TEST(AccessLog, LetsNoClientEndAField) {
  EXPECT_EQ(LineOf("GET /\"x HTTP/1.1\r\nHost: h\r\nUser-Agent: a\"b\r\n\r\n"),
            "10.0.0.1 - - [T] \"GET /\\\"x HTTP/1.1\" 200 5 \"-\" \"a\\\"b\"\n");
}

TEST(AccessLog, IsOffWithoutATarget) {
  const TestApp app(kEndpoint, "");
  auto log = AccessLog::Open("");
  ASSERT_TRUE(log);
  const ParsedRequest request(RequestText("GET /"));
  NoOwner owner;
  Exchange exchange(owner, *app.dispatcher);
  exchange.Begin(request.message(), Clock::now());
  log->Append("10.0.0.1", exchange);
  log->Flush();
}

TEST(AccessLog, NamesAFileThatCannotBeOpened) {
  EXPECT_EQ(ErrorOf(AccessLog::Open("/nonexistent/a.log")),
            "cannot open the access log '/nonexistent/a.log': No such file or directory");
}

}  // namespace
}  // namespace sqlicorn
