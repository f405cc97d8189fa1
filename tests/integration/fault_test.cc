// SPDX-License-Identifier: MIT
// Servers over disks and file systems that do what they must not: see tests/support/faults.cc.
#include <cstdlib>
#include <filesystem>

#include <gtest/gtest.h>

#include "common/base/file.h"
#include "tests/integration/site.h"
#include "tests/support/matches.h"

namespace sqlicorn {
namespace {

// For ServerOptions::in_child.
void Preload(const char* name, const std::string& value) {
  setenv("LD_PRELOAD", SQLICORN_FAULTS_LIBRARY, 1);
  setenv("ASAN_OPTIONS", "verify_asan_link_order=0:detect_leaks=0", 1);
  setenv(name, value.c_str(), 1);
}

std::string ErrorLine(const ServerProcess& server) {
  const std::string log = server.log();
  const std::size_t at = log.find("Error: ");
  return at == std::string::npos ? "none in: " + log : log.substr(at, log.find('\n', at) - at);
}

struct BrokenLocks {
  const char* fault;
  const char* reason;
};

class FileLocks : public testing::TestWithParam<BrokenLocks> {};

TEST_P(FileLocks, ThatDoNotWorkStopTheStartBeforeAnythingIsBound) {
  for (const char* check : {"", "--check-config"}) {
    SCOPED_TRACE(check);
    Site site;
    std::vector<std::string> arguments;
    if (*check != '\0') {
      arguments.emplace_back(check);
    }
    ServerProcess& server =
        site.Launch({.config = SiteConfig(), .arguments = std::move(arguments), .in_child = [] {
                       Preload("SQLICORN_FAULT_LOCKS", GetParam().fault);
                     }});
    EXPECT_EQ(server.WaitForEnd(), "exit 1");
    EXPECT_TRUE(Matches(ErrorLine(server), "test.db': file locks do not work in directory '" +
                                               site.dir().path() + "' [(]" + GetParam().reason +
                                               "[)].*put it on a local disk"))
        << server.log();
    EXPECT_EQ(server.port(), 0) << "it was bound";
    EXPECT_FALSE(site.dir().Has("test.db"));
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(site.dir().path()), {}), 3)
        << "schema, configuration and log are there, and something else";
  }
}

INSTANTIATE_TEST_SUITE_P(Faults, FileLocks,
                         testing::Values(BrokenLocks{"granted", "two processes got the same one"},
                                         BrokenLocks{"refused", "No locks available"}),
                         [](const auto& named) { return std::string(named.param.fault); });

}  // namespace
}  // namespace sqlicorn
