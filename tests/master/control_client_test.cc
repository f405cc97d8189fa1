// SPDX-License-Identifier: MIT
#include "ctl/control_client.h"

#include <sys/socket.h>

#include <filesystem>
#include <functional>
#include <map>
#include <thread>

#include <gtest/gtest.h>

#include "common/base/file.h"
#include "common/control/control_protocol.h"
#include "ctl/control_tables.h"
#include "master/sockets/socket_file.h"
#include "tests/support/temp_dir.h"

namespace sqlicorn {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// A server that takes one client and does to it what it is told.
class OneClientServer {
 public:
  OneClientServer(const std::string& path, std::function<void(int)> serve)
      : listener_(*UnixListener::Listen(path, {0600})), thread_([this, serve = std::move(serve)] {
          EventWaitForInput(listener_.fd());
          const UniqueFd client(accept(listener_.fd(), nullptr, nullptr));
          serve(client.get());
        }) {}

  ~OneClientServer() { thread_.join(); }

  OneClientServer(const OneClientServer&) = delete;
  OneClientServer& operator=(const OneClientServer&) = delete;

 private:
  static void EventWaitForInput(int fd) {
    timeval limit{.tv_sec = 20, .tv_usec = 0};
    fd_set readable;
    FD_ZERO(&readable);
    FD_SET(fd, &readable);
    select(fd + 1, &readable, nullptr, nullptr, &limit);
  }

  UnixListener listener_;
  std::thread thread_;
};

void Send(int fd, std::string_view bytes) {
  send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
}

// Until the client has closed.
std::string ReadAll(int fd) {
  std::string all;
  std::string chunk(4096, '\0');
  for (ssize_t got = 0; (got = recv(fd, chunk.data(), chunk.size(), 0)) > 0;) {
    all.append(chunk, 0, static_cast<std::size_t>(got));
  }
  return all;
}

class ControlClientTest : public testing::Test {
 protected:
  // "error: …" or the reply.
  std::string Ask(Duration timeout = seconds(20)) {
    auto client = ControlClient::Connect(path_, timeout);
    if (!client) {
      return "error: " + client.error().message;
    }
    const auto reply = client->Ask({"show", "stats"});
    return reply ? *reply : "error: " + reply.error().message;
  }

  TempDir dir_;
  std::string path_ = dir_.File("ctl");
};

TEST_F(ControlClientTest, SendsARequestAndReadsTheReply) {
  std::string request;
  {
    const OneClientServer server(path_, [&](int fd) {
      const std::string reply = EncodeFrame("the reply");
      Send(fd, reply.substr(0, 2));
      Send(fd, reply.substr(2));
      request = ReadAll(fd);
    });
    EXPECT_EQ(Ask(), "the reply");
  }
  EXPECT_EQ(request, EncodeControlRequest({"show", "stats"}));
}

TEST_F(ControlClientTest, SaysWhenThereIsNoServer) {
  EXPECT_EQ(Ask(), "error: cannot connect to the control socket '" + path_ +
                       "': there is none; is server.control_socket set? Name it with -s");
  UnixListener::Listen(path_, {0600})->LeaveInChild();
  EXPECT_EQ(Ask(),
            "error: cannot connect to the control socket '" + path_ + "': no server listens there");
  path_ = dir_.File("file");
  ASSERT_TRUE(WriteFile(path_, ""));
  EXPECT_TRUE(Ask().starts_with("error: cannot connect to the control socket '"));
}

TEST_F(ControlClientTest, SaysWhenTheServerIsSilent) {
  const OneClientServer server(path_, [](int fd) { ReadAll(fd); });
  EXPECT_EQ(Ask(milliseconds(20)), "error: the server does not answer");
}

TEST_F(ControlClientTest, SaysWhenTheServerLeaves) {
  const OneClientServer server(path_, [](int fd) {
    Send(fd, "\0\0");
    shutdown(fd, SHUT_WR);
    ReadAll(fd);
  });
  EXPECT_EQ(Ask(), "error: the server has closed the connection without an answer");
}

TEST_F(ControlClientTest, RefusesWhatIsNoReply) {
  const OneClientServer server(path_, [](int fd) {
    Send(fd, "HTTP/1.1 400 Bad Request\r\n\r\n");
    ReadAll(fd);
  });
  EXPECT_EQ(Ask(), "error: the answer is not one of sqlicorn's control socket");
}

TEST_F(ControlClientTest, FindsTheSocketInTheUsualPlaces) {
  std::map<std::string, std::string> variables;
  const auto find = [&] {
    return DefaultControlSocket([&](const char* name) {
      const auto found = variables.find(name);
      return found == variables.end() ? nullptr : found->second.c_str();
    });
  };
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(dir_.File(""));
  EXPECT_EQ(find(), "/run/sqlicorn/sqlicorn.ctl");
  std::filesystem::create_directory("run");
  variables["RUNTIME_DIRECTORY"] = dir_.File("run") + ":/elsewhere";
  EXPECT_EQ(find(), "/run/sqlicorn/sqlicorn.ctl");
  ASSERT_TRUE(WriteFile("run/sqlicorn.ctl", ""));
  EXPECT_EQ(find(), dir_.File("run") + "/sqlicorn.ctl");
  ASSERT_TRUE(WriteFile("sqlicorn.ctl", ""));
  EXPECT_EQ(find(), "sqlicorn.ctl");
  variables["SQLICORN_CONTROL_SOCKET"] = "/named";
  EXPECT_EQ(find(), "/named");
  std::filesystem::current_path(before);
}

struct TableCase {
  const char* data;
  const char* text;
};

TEST(RenderForPeople, ShowsAnyData) {
  const std::vector<TableCase> cases = {
      {R"({"workers": [{"pid": 7, "state": "ready", "heartbeat_age": null},
                       {"pid": 12345, "state": "booting", "heartbeat_age": 0.25}], "count": 2})",
       "count  2\n"
       "\n"
       "pid    state    heartbeat_age\n"
       "7      ready    -\n"
       "12345  booting  0.25\n"},
      {R"({"server": {"bind": ["a", "b"], "schema": []}, "on": true})",
       "server.bind    a,b\n"
       "server.schema  -\n"
       "on             true\n"},
      {R"({"commands": {"a": "b", "c": ""}})", "a  b\nc  \"\"\n"},
      {R"({"rows": [{"a": 1, "b": 2}, {"a": 3}]})", "a  b\n1  2\n3  -\n"},
      {R"({"workers": []})", "workers  -\n"},
      {"{}", ""},
      {"\"text\"", "text\n"},
  };
  for (const TableCase& c : cases) {
    EXPECT_EQ(RenderForPeople(c.data), c.text);
  }
}

}  // namespace
}  // namespace sqlicorn
