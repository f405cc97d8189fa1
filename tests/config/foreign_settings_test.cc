// SPDX-License-Identifier: MIT
#include "common/config/foreign_settings.h"

#include <set>
#include <sstream>

#include <gtest/gtest.h>

#include "common/config/server_setting_table.h"
#include "common/config/server_settings.h"
#include "tests/config/config_testing.h"

namespace sqlicorn {
namespace {

std::set<std::string> FlagsOf(const char* list) {
  std::set<std::string> flags;
  std::istringstream stream(list);
  for (std::string flag; std::getline(stream, flag, ',');) {
    flags.insert(flag);
  }
  return flags;
}

// A name that means something by now must not be refused any more.
TEST(ForeignSettings, ShareNoNameAndNoFlagWithOurs) {
  std::set<std::string> seen;
  for (const ServerSetting& setting : ServerSettingTable()) {
    EXPECT_TRUE(seen.insert(setting.name).second) << setting.name;
    seen.merge(FlagsOf(setting.flags));
  }
  for (const ForeignSetting& setting : ForeignSettingTable()) {
    EXPECT_TRUE(seen.insert(setting.name).second) << setting.name;
    for (const std::string& flag : FlagsOf(setting.flags)) {
      EXPECT_TRUE(flag.starts_with("-")) << flag;
      EXPECT_TRUE(seen.insert(flag).second) << flag;
    }
  }
}

TEST(ForeignSettings, AreRefusedInTheFileWithTheReason) {
  const std::vector<BadInput> cases = {
      {"worker_class = \"gevent\"",
       "worker_class is a setting of gunicorn without a meaning here: there is one kind of worker, "
       "an event loop in a process of its own; leave it out"},
      {"threads = 4",
       "threads is a setting of gunicorn without a meaning here: a worker is one thread; use "
       "workers"},
      {"certfile = \"a.pem\"",
       "certfile is a setting of gunicorn without a meaning here: TLS is left to a proxy in front"},
      {"preload_app = true",
       "preload_app is a setting of gunicorn without a meaning here: the configuration is always "
       "checked before workers are forked; leave it out"},
      {"when_ready = \"f\"",
       "when_ready is a setting of gunicorn without a meaning here: there are no hooks; endpoints "
       "and statements are data"},
      {"control_socket_disable = true",
       "control_socket_disable is a setting of gunicorn without a meaning here: an empty "
       "control_socket, or --no-control-socket, is none"},
  };
  for (const BadInput& c : cases) {
    EXPECT_EQ(ErrorOf(ReadServerSettings(Toml(c.text))),
              std::string("t.toml:1:1: server.") + c.error);
  }
}

TEST(ForeignSettings, AreTakenWhereTheyAskForWhatIsDoneAnyway) {
  for (const char* text : {"worker_class = \"sync\"", "threads = 1", "preload_app = false",
                           "worker_tmp_dir = \"/dev/shm\"", "reload = false", "sendfile = true",
                           "http_protocols = \"h1\""}) {
    EXPECT_EQ(ErrorOf(ReadServerSettings(Toml(text))), "") << text;
  }
}

TEST(ForeignSettings, AreNoSuggestions) {
  EXPECT_EQ(ErrorOf(ReadServerSettings(Toml("treads = 1"))),
            "t.toml:1:1: unknown key 'treads' in [server]");
}

}  // namespace
}  // namespace sqlicorn
