// SPDX-License-Identifier: MIT
#include "tests/integration/in_flight.h"

#include <gtest/gtest.h>

namespace sqlicorn {

std::unique_ptr<RawClient> BeginWrite(Site& site, const char* path) {
  auto client = std::make_unique<RawClient>(site.server().port());
  EXPECT_TRUE(client->Send(PostForm(path, "name=slow")));
  EXPECT_TRUE(WaitFor([&] {
    const auto probe = Connection::Open(site.database_path(), OpenMode::kReadWrite);
    return (*probe)->Execute("BEGIN IMMEDIATE").busy();
  }));
  return client;
}

std::unique_ptr<RawClient> BeginBody(int port) {
  auto client = std::make_unique<RawClient>(port);
  EXPECT_TRUE(
      client->Send("POST /add/ HTTP/1.1\r\nHost: test\r\nExpect: 100-continue\r\n"
                   "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 9\r\n\r\n"));
  EXPECT_EQ(client->ReadAnswer(AnswerBody::kNone).status, 100);
  return client;
}

HttpAnswer FinishBody(RawClient& client) {
  return client.Ask("name=late");
}

}  // namespace sqlicorn
