// SPDX-License-Identifier: MIT
// Clients that go away during a read that takes long, and those that only look like it.
#include <string>

#include "tests/integration/http/long_read_testing.h"

namespace sqlicorn {
namespace {

TEST_F(LongReads, EndsWhenItsClientResets) {
  Start();
  const auto spin = Begin(kEndlessSpin);
  spin->Reset();
  EXPECT_TRUE(AccessLogHas("/spin/.*\" 499 0"));
  ExpectNoReader();
}

// A FIN says only that no more will be sent: an interim answer asks whether anybody is there.
TEST_F(LongReads, EndsWhenItsClientCloses) {
  Start();
  { const auto spin = Begin(kEndlessSpin); }
  EXPECT_TRUE(AccessLogHas("/spin/.*\" 499 0"));
  ExpectNoReader();
}

// HTTP/1.0 has no interim answers: the answer itself begins.
TEST_F(LongReads, EndsWhenItsClientOfHttp10Closes) {
  Start();
  {
    RawClient client(server().port());
    ASSERT_TRUE(client.Send(fmt::format("GET {} HTTP/1.0\r\n\r\n", kEndlessSpin)));
    EXPECT_EQ(Count().status, 200);
  }
  EXPECT_TRUE(AccessLogHas("/spin/.*\" 499 0"));
  ExpectNoReader();
}

TEST_F(LongReads, IsAnsweredToAClientOfHttp10ThatHasOnlyFinishedSending) {
  Start();

  const struct {
    const char* path;
    const char* begins;
    const char* ends;
  } cases[] = {{"/spin/?n=8000000", "HTTP/1.0 200 OK\r\n", R"([{"top":8000000,"notes":0}])"},
               {"/late/?n=8000000", "HTTP/1.0 200 OK\r\n", "\"}]"},
               {"/soon/?n=8000000000", "HTTP/1.0 504 Gateway Timeout\r\n", "\"}\n"}};

  for (const auto& row : cases) {
    RawClient client(server().port());
    ASSERT_TRUE(client.Send(fmt::format("GET {} HTTP/1.0\r\n\r\n", row.path)));
    client.FinishSending();
    const std::string answer = client.ReadToEnd();
    EXPECT_TRUE(answer.starts_with(row.begins)) << answer.substr(0, 40);
    EXPECT_TRUE(answer.ends_with(row.ends)) << row.path;
    EXPECT_TRUE(client.closed());
    EXPECT_FALSE(client.was_reset());
  }
}

TEST_F(LongReads, IsAnsweredToAClientThatHasOnlyFinishedSending) {
  Start();
  RawClient client(server().port());
  ASSERT_TRUE(client.Send(Get("/spin/?n=8000000")));
  client.FinishSending();
  HttpAnswer answer = client.ReadAnswer();
  if (answer.status == 102) {
    answer = client.ReadAnswer();
  }
  EXPECT_EQ(answer.body, R"([{"top":8000000,"notes":0}])");
}

}  // namespace
}  // namespace sqlicorn
