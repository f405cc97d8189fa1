// SPDX-License-Identifier: MIT
#include "worker/log/access_log.h"

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <set>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "common/base/file.h"
#include "common/base/log.h"
#include "common/json/json_text.h"
#include "tests/support/access_time.h"
#include "tests/support/matches.h"
#include "tests/worker/worker_testing.h"

namespace sqlicorn {
namespace {

using std::chrono::microseconds;

// A request of 10.0.0.1 answered with 200 and five octets, in a log of the given format.
class AccessLogTest : public testing::Test {
 protected:
  AccessLogTest() { settings_.accesslog = path_; }

  [[nodiscard]] ServedRequest Served(const Message& message) const {
    ServedRequest served;
    served.peer = peer_;
    served.request = &message;
    served.started = started_;
    return served;
  }

  void Append(AccessLog& log, const std::string& request_text) {
    const ParsedRequest request(request_text);
    ServedRequest served = Served(request.message());
    served.reply.body = "12345";
    served.reply.headers.push_back({"Retry-After", "1"});
    log.Append(served);
  }

  // The line of a request, its time replaced by "[T]".
  std::string LineOf(const std::string& request_text) {
    auto log = AccessLog::Open(settings_);
    Append(*log, request_text);
    EXPECT_EQ(Written(), "");
    log->Flush();
    return WithoutAccessTime(Written());
  }

  std::string LineOf(const std::string& request_text, const std::string& format) {
    settings_.access_log_format = format;
    return LineOf(request_text);
  }

  [[nodiscard]] std::string Written() const { return ReadFile(path_).value(); }

  TempDir directory_;
  std::string path_ = directory_.File("access.log");
  std::string peer_ = "10.0.0.1";
  ServerSettings settings_;
  TimePoint started_ = Clock::now();
};

const std::string kGet = "GET /a?b=%20 HTTP/1.1\r\nHost: h\r\n\r\n";

TEST_F(AccessLogTest, WritesTheCombinedFormat) {
  EXPECT_EQ(LineOf("GET /a?b=%20 HTTP/1.1\r\nHost: h\r\nReferer: http://r/\r\n"
                   "User-Agent: curl/8\r\n\r\n"),
            "10.0.0.1 - - [T] \"GET /a?b=%20 HTTP/1.1\" 200 5 \"http://r/\" \"curl/8\"\n");
}

TEST_F(AccessLogTest, WritesADashForWhatIsNotThere) {
  peer_ = "";
  EXPECT_EQ(LineOf("GET / HTTP/1.0\r\n\r\n"), "- - - [T] \"GET / HTTP/1.0\" 200 5 \"-\" \"-\"\n");
}

TEST_F(AccessLogTest, CountsNoBodyForHead) {
  EXPECT_EQ(LineOf("HEAD / HTTP/1.1\r\nHost: h\r\n\r\n"),
            "10.0.0.1 - - [T] \"HEAD / HTTP/1.1\" 200 0 \"-\" \"-\"\n");
}

TEST_F(AccessLogTest, LetsNoClientEndAField) {
  EXPECT_EQ(LineOf("GET /\"x HTTP/1.1\r\nHost: h\r\nUser-Agent: a\"b\r\n\r\n"),
            "10.0.0.1 - - [T] \"GET /\\\"x HTTP/1.1\" 200 5 \"-\" \"a\\\"b\"\n");
}

TEST_F(AccessLogTest, LetsNoDecodedPathNorUserEndTheLine) {
  EXPECT_EQ(LineOf("GET /a%0d%0Ab%22%zz%4 HTTP/1.1\r\nHost: h\r\n"
                   "Authorization: Basic YQpiOmM=\r\n\r\n",  // "a\nb:c"
                   "%(U)s %(u)s"),
            "/a\\x0D\\x0Ab\\\"%zz%4 a\\x0Ab\n");
}

TEST_F(AccessLogTest, RendersEveryAtom) {
  const std::string request =
      "GET /%61?b=%20 HTTP/1.1\r\nHost: h\r\nX-Forwarded-For: 1.2.3.4\r\n"
      "Authorization: BASIC dG9tOnB3\r\n\r\n";
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"%(h)s %(l)s %(u)s %(t)s", "10.0.0.1 - tom [T]"},
      {"%(m)s %(U)s %(q)s %(H)s", "GET /a b=%20 HTTP/1.1"},
      {"%(r)s %(s)s %(b)s %(B)d", "GET /%61?b=%20 HTTP/1.1 200 5 5"},
      {"%(f)s %(a)s %(z)s 100%%", "- - - 100%"},
      {"%(p)s", fmt::format("<{}>", getpid())},
      {"%({X-Forwarded-For}i)s %({x-none}i)s", "1.2.3.4 -"},
      {"%({Content-Type}o)s %({server}o)s", "text/plain; charset=utf-8 sqlicorn"},
      {"%({content-length}o)s %({retry-after}o)s %({x}o)s", "5 1 -"},
      {"%({REQUEST_METHOD}e)s %({PATH_INFO}e)s %({QUERY_STRING}e)s", "GET /a b=%20"},
      {"%({RAW_URI}e)s %({SERVER_PROTOCOL}e)s", "/%61?b=%20 HTTP/1.1"},
      {"%({HTTP_X_FORWARDED_FOR}e)s %({REMOTE_ADDR}e)s %({HOME}e)s", "1.2.3.4 10.0.0.1 -"},
  };
  for (const auto& [format, line] : cases) {
    EXPECT_EQ(LineOf(request, format), line + "\n");
    std::remove(path_.c_str());
  }
}

TEST_F(AccessLogTest, TellsADurationInFourUnits) {
  settings_.access_log_format = "%(T)s %(M)s %(D)s %(L)s";
  started_ = Clock::now() - microseconds(2'000'113);
  const std::string line = LineOf(kGet);
  EXPECT_TRUE(Matches(line, "^2 20[0-9]{2} 20[0-9]{5} 2\\.0[0-9]{5}\n$")) << line;
}

TEST_F(AccessLogTest, TakesNoUserFromAnotherScheme) {
  const std::string bearer = "GET / HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer dG9tOnB3\r\n\r\n";
  EXPECT_EQ(LineOf(bearer, "%(u)s"), "-\n");
}

TEST_F(AccessLogTest, WritesJsonWithTypes) {
  const std::string line = LineOf(
      "GET /a%0a%ff?b=1 HTTP/1.1\r\nHost: h\r\nReferer: \"\\\r\nUser-Agent: \xff\t\xc3\xa4\r\n\r\n",
      "json");
  EXPECT_EQ(std::count(line.begin(), line.end(), '\n'), 1);
  auto object = OrderedJsonOf(line);
  ASSERT_TRUE(object.is_object()) << line;
  EXPECT_TRUE(Matches(
      object["time"].get<std::string>(),
      "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}[+-][0-9]{2}:[0-9]{2}$"));
  EXPECT_TRUE(object["duration_us"].is_number_integer());
  object.erase("time");
  object.erase("duration_us");
  EXPECT_EQ(object, nlohmann::ordered_json({{"remote", "10.0.0.1"},
                                            {"user", nullptr},
                                            {"scheme", "http"},
                                            {"method", "GET"},
                                            {"path", "/a\n\xEF\xBF\xBD"},
                                            {"query", "b=1"},
                                            {"protocol", "HTTP/1.1"},
                                            {"status", 200},
                                            {"bytes", 5},
                                            {"referer", "\"\\"},
                                            {"user_agent", "\xEF\xBF\xBD\t\xc3\xa4"},
                                            {"pid", getpid()}}));
}

TEST_F(AccessLogTest, TellsTheMillisecondOfEachJsonLine) {
  settings_.access_log_format = "json";
  auto log = AccessLog::Open(settings_);
  std::set<std::string> fractions;
  const TimePoint deadline = Clock::now() + kPatience;
  while (fractions.size() < 3 && Clock::now() < deadline) {
    Append(*log, kGet);
    log->Flush();
    const std::string all = Written();
    fractions.insert(all.substr(all.rfind("{\"time\"") + 29, 3));
  }
  EXPECT_EQ(fractions.size(), 3U);
}

TEST_F(AccessLogTest, HasAStringForTheClientOfAUnixSocket) {
  peer_ = "";
  const std::string line = LineOf(kGet, "json");
  EXPECT_NE(line.find("\"remote\":\"\","), std::string::npos) << line;
}

TEST_F(AccessLogTest, HasALineForARequestThatCouldNotBeRead) {
  auto log = AccessLog::Open(settings_);
  RequestParser parser({});
  std::size_t consumed = 0;
  ASSERT_EQ(parser.Execute("GE", &consumed), Feed::kNeedMore);
  ServedRequest served = Served(parser.message());
  served.reply.status = 408;
  log->Append(served);
  log->Flush();
  EXPECT_TRUE(Written().ends_with("] \"-\" 408 0 \"-\" \"-\"\n")) << Written();
}

TEST_F(AccessLogTest, IsOffWithoutATarget) {
  settings_.accesslog = "";
  auto log = AccessLog::Open(settings_);
  ASSERT_TRUE(log);
  Append(*log, kGet);
  log->Flush();
  EXPECT_FALSE(ReadFile(path_));
}

TEST_F(AccessLogTest, NamesAFileThatCannotBeOpened) {
  settings_.accesslog = "/nonexistent/a.log";
  EXPECT_EQ(ErrorOf(AccessLog::Open(settings_)),
            "server.accesslog: cannot open the access log '/nonexistent/a.log': No such file or "
            "directory; make its directory or name another file");
}

TEST_F(AccessLogTest, GoesOnInANewFileOnceReopened) {
  auto log = AccessLog::Open(settings_);
  ASSERT_EQ(std::rename(path_.c_str(), directory_.File("old").c_str()), 0);
  EXPECT_TRUE(log->Moved());
  ASSERT_TRUE(log->Reopen());
  Append(*log, kGet);
  log->Flush();
  EXPECT_NE(Written(), "");
  EXPECT_EQ(ReadFile(directory_.File("old")).value(), "");
}

TEST_F(AccessLogTest, SaysInTheErrorLogThatAndHowManyLinesWereLost) {
  const std::string errors = directory_.File("error.log");
  ASSERT_EQ(symlink("/dev/full", path_.c_str()), 0);
  ASSERT_TRUE(SetLogTarget(errors));
  auto log = AccessLog::Open(settings_);
  for (int i = 0; i < 3; ++i) {
    Append(*log, kGet);
    log->Flush();
  }
  EXPECT_EQ(CountOf(ReadFile(errors).value(), "takes no lines (No space left on device)"), 1U);
  std::remove(path_.c_str());
  ASSERT_TRUE(log->Reopen());
  Append(*log, kGet);
  log->Flush();
  ASSERT_TRUE(SetLogTarget("-"));
  EXPECT_TRUE(ReadFile(errors).value().ends_with(
      "[WARNING] 3 lines of the access log could not be written and are lost\n"))
      << ReadFile(errors).value();
}

TEST_F(AccessLogTest, SendsEachLineToSyslog) {
  const std::string daemon_path = directory_.File("syslog");
  const SocketAddress address = SocketAddress::Unix(daemon_path).value();
  const UniqueFd daemon(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  ASSERT_EQ(bind(daemon.get(), address.raw(), address.length()), 0);
  settings_.accesslog = "";
  settings_.access_log_format = "%(m)s";
  settings_.syslog = true;
  settings_.syslog_addr = "unix://" + daemon_path;
  settings_.proc_name = "app";
  auto log = AccessLog::Open(settings_);
  Append(*log, kGet);
  Append(*log, kGet);
  log->Flush();
  const std::string expected = fmt::format("<14>sqlicorn.app.access: [{}] GET", getpid());
  for (int i = 0; i < 2; ++i) {
    std::array<char, 256> buffer{};
    EXPECT_EQ(recv(daemon.get(), buffer.data(), buffer.size(), 0),
              static_cast<ssize_t>(expected.size() + 1));
    EXPECT_STREQ(buffer.data(), expected.c_str());
  }
}

TEST_F(AccessLogTest, StaysOutOfSyslogWhenTold) {
  settings_.accesslog = "";
  settings_.syslog = true;
  settings_.disable_redirect_access_to_syslog = true;
  settings_.access_log_format = "%(D)s";
  const TimePoint round = TimePoint(microseconds(5));
  EXPECT_EQ(AccessLog::Open(settings_)->BeginningNow(round), round);  // it is off
}

TEST_F(AccessLogTest, WritesTheLineOfARequestThatDiesInAHandler) {
  auto log = AccessLog::Open(settings_);
  Append(*log, kGet);
  const ParsedRequest request("POST /stuck HTTP/1.1\r\nHost: h\r\nUser-Agent: u\r\n\r\n");
  log->WriteInHandler(Served(request.message()));
  EXPECT_TRUE(
      Matches(Written(),
              "^10\\.0\\.0\\.1 - - \\[.*\\] \"GET .* 200 5 \"-\" \"-\"\n"
              "10\\.0\\.0\\.1 - - \\[.*\\] \"POST /stuck HTTP/1\\.1\" 500 0 \"-\" \"u\"\n$"))
      << Written();
}

TEST_F(AccessLogTest, LeavesTheLineOutWhenAHandlerHasNoRoomForIt) {
  auto log = AccessLog::Open(settings_);
  const ParsedRequest request("GET / HTTP/1.1\r\nHost: h\r\nUser-Agent: " + std::string(8000, '"') +
                              "\r\n\r\n");
  log->WriteInHandler(Served(request.message()));
  EXPECT_EQ(Written(), "");
}

}  // namespace
}  // namespace sqlicorn
