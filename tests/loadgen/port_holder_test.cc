// SPDX-License-Identifier: MIT
#include "loadgen/server/port_holder.h"

#include <unistd.h>

#include <gtest/gtest.h>

#include "common/uv/loop.h"
#include "tests/support/matches.h"
#include "tests/support/scripted_server.h"

namespace sqlicorn::loadgen {
namespace {

constexpr const char* kTable =
    "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout "
    "inode\n"
    "   0: 0100007F:1F90 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 11 "
    "1\n"
    "   1: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 22 "
    "1\n"
    "   2: 00000000:07E8 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 33 "
    "1\n"
    "   3: cut\n";

TEST(ListenerInode, IsThatOfTheSocketThatListens) {
  EXPECT_EQ(ListenerInode(kTable, 8080), 22U);
  EXPECT_EQ(ListenerInode(kTable, 2024), 33U);
  EXPECT_FALSE(ListenerInode(kTable, 80));
  EXPECT_FALSE(ListenerInode("", 8080));
}

TEST(CheckPortFree, NamesWhoListens) {
  Loop loop;
  const testing::ScriptedServer server(loop, [](const std::string&, std::size_t) {
    return testing::Reply{"", testing::Reply::Then::kClose};
  });
  const Status taken = CheckPortFree(server.port());
  ASSERT_FALSE(taken);
  EXPECT_TRUE(Contains(taken.error().message,
                       "port " + std::to_string(server.port()) + " is taken already, by "))
      << taken.error().message;
  EXPECT_TRUE(Contains(taken.error().message, "(pid " + std::to_string(getpid()) + ")"))
      << taken.error().message;
  EXPECT_TRUE(CheckPortFree(testing::UnusedPort()));
  EXPECT_TRUE(CheckPortFree(0));
}

}  // namespace
}  // namespace sqlicorn::loadgen
