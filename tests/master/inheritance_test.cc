// SPDX-License-Identifier: MIT
#include "master/sockets/inheritance.h"

#include <sys/socket.h>
#include <unistd.h>

#include <map>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "common/base/unique_fd.h"
#include "master/generations.h"

namespace sqlicorn {
namespace {

using Environment = std::map<std::string, std::string>;

using Binds = std::vector<std::string>;

Result<Inheritance> Read(const Environment& environment, const Binds& bind = {}) {
  return ReadInheritance(
      [&](const char* name) {
        const auto found = environment.find(name);
        return found == environment.end() ? nullptr : found->second.c_str();
      },
      42, bind);
}

UniqueFd Listening() {
  UniqueFd fd(socket(AF_INET, SOCK_STREAM, 0));
  EXPECT_EQ(listen(fd.get(), 1), 0);
  return fd;
}

TEST(Inheritance, IsNothingInAnOrdinaryEnvironment) {
  EXPECT_EQ(Read({})->from, Inheritance::From::kNobody);
  EXPECT_EQ(Read({{"LISTEN_PID", "41"}, {"LISTEN_FDS", "1"}})->from, Inheritance::From::kNobody);
}

TEST(Inheritance, OfAMasterIsItsSocketsAndItsPid) {
  const UniqueFd a = Listening();
  const UniqueFd b = Listening();
  const auto inheritance =
      Read({{"SQLICORN_PID", "7"}, {"SQLICORN_FD", fmt::format("{},{}", a.get(), b.get())}});
  ASSERT_TRUE(inheritance) << inheritance.error().message;
  EXPECT_EQ(inheritance->from, Inheritance::From::kMaster);
  EXPECT_EQ(inheritance->parent, 7);
  EXPECT_EQ(inheritance->listeners, (std::vector<int>{a.get(), b.get()}));
}

TEST(Inheritance, OfAMasterMayBeWhatThatWasGiven) {
  const UniqueFd fd = Listening();
  const std::string text = HandOverText({fd.get()}, Inheritance::From::kOutside);
  EXPECT_EQ(text, fmt::format("outside:{}", fd.get()));
  const auto inheritance = Read({{"SQLICORN_PID", "7"}, {"SQLICORN_FD", text}});
  ASSERT_TRUE(inheritance) << inheritance.error().message;
  EXPECT_EQ(inheritance->from, Inheritance::From::kOutside);
  EXPECT_EQ(inheritance->parent, 7);
  EXPECT_EQ(inheritance->listeners, std::vector<int>{fd.get()});
}

TEST(Inheritance, IsTheDescriptorsThatBindNames) {
  const UniqueFd fd = Listening();
  const std::string name = fmt::format("fd://{}", fd.get());
  const auto inheritance = Read({}, {"127.0.0.1:80", name});
  ASSERT_TRUE(inheritance) << inheritance.error().message;
  EXPECT_EQ(inheritance->from, Inheritance::From::kOutside);
  EXPECT_EQ(inheritance->listeners, std::vector<int>{fd.get()});
  EXPECT_EQ(IgnoredBinds(*inheritance, {"127.0.0.1:80", name}), Binds{"127.0.0.1:80"});
}

TEST(Inheritance, OfAMasterComesBeforeTheDescriptorsOfBind) {
  const UniqueFd theirs = Listening();
  const UniqueFd named = Listening();
  const std::string name = fmt::format("fd://{}", named.get());
  const auto inheritance = Read({{"SQLICORN_FD", fmt::format("outside:{}", theirs.get())}}, {name});
  ASSERT_TRUE(inheritance);
  EXPECT_EQ(inheritance->listeners, std::vector<int>{theirs.get()});
  EXPECT_EQ(IgnoredBinds(*inheritance, {name}), Binds{name});
}

TEST(Inheritance, IgnoresNoWishWhenBindIsTheDefault) {
  const Inheritance given{.from = Inheritance::From::kOutside, .listeners = {3}};
  EXPECT_TRUE(IgnoredBinds(given, ServerSettings().bind).empty());
  EXPECT_EQ(IgnoredBinds(given, {"fd://4"}), Binds{"fd://4"});
  EXPECT_TRUE(IgnoredBinds({.from = Inheritance::From::kMaster}, {":80"}).empty());
}

TEST(Inheritance, RefusesDescriptorsNobodyCanConnectTo) {
  EXPECT_EQ(Read({}, {"fd://987"}).error().message, "fd://987: descriptor 987 is not open");
  const UniqueFd connected(socket(AF_INET, SOCK_STREAM, 0));
  const std::string name = fmt::format("fd://{}", connected.get());
  EXPECT_EQ(Read({}, {name}).error().message,
            fmt::format("{}: descriptor {} is not a listening socket", name, connected.get()));
  const UniqueFd packets(socket(AF_UNIX, SOCK_SEQPACKET, 0));
  const sockaddr unnamed{.sa_family = AF_UNIX, .sa_data = {}};
  ASSERT_EQ(bind(packets.get(), &unnamed, sizeof(unnamed.sa_family)), 0);
  ASSERT_EQ(listen(packets.get(), 1), 0);
  EXPECT_EQ(Read({}, {fmt::format("fd://{}", packets.get())}).error().message,
            fmt::format("fd://{0}: descriptor {0} is neither a TCP nor a unix stream socket",
                        packets.get()));
}

TEST(Inheritance, RefusesWhatIsNoListeningSocket) {
  const UniqueFd plain(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  EXPECT_EQ(Read({{"SQLICORN_FD", std::to_string(plain.get())}}).error().message,
            fmt::format("SQLICORN_FD: descriptor {} is not a listening socket", plain.get()));
  EXPECT_EQ(Read({{"SQLICORN_FD", "x"}}).error().message, "SQLICORN_FD: 'x' is not a descriptor");
}

TEST(Inheritance, IsNotPassedOn) {
  EXPECT_TRUE(IsInheritanceVariable("LISTEN_FDS=1"));
  EXPECT_TRUE(IsInheritanceVariable("SQLICORN_FD=3"));
  EXPECT_FALSE(IsInheritanceVariable("SQLICORN_CMD_ARGS=-w 2"));
}

Generation Named(const char* name) {
  Generation generation;
  generation.config.server.proc_name = name;
  return generation;
}

TEST(Generations, GoBackWhenTheNewOneFails) {
  Generations generations(Named("old"));
  const std::uint64_t old = generations.serving().number;
  generations.Propose(Named("new"));
  EXPECT_TRUE(generations.preparing());
  EXPECT_EQ(generations.serving().number, old);
  generations.Start();
  EXPECT_TRUE(generations.replacing());
  EXPECT_EQ(generations.serving().config.server.proc_name, "new");
  generations.Abandon();
  EXPECT_FALSE(generations.replacing());
  EXPECT_EQ(generations.serving().number, old);
}

TEST(Generations, ForgetTheOldOneWhenTheNewOneHasSettled) {
  Generations generations(Named("old"));
  generations.Propose(Named("new"));
  generations.Start();
  generations.Settle();
  EXPECT_FALSE(generations.replacing());
  EXPECT_EQ(generations.serving().config.server.proc_name, "new");
}

TEST(Generations, NeverUseANumberTwice) {
  Generations generations(Named("old"));
  generations.Propose(Named("bad"));
  generations.Abandon();
  generations.Propose(Named("good"));
  generations.Start();
  EXPECT_EQ(generations.serving().number, 3U);
}

}  // namespace
}  // namespace sqlicorn
