// SPDX-License-Identifier: MIT
#include "common/config/server_settings.h"

#include <set>
#include <sstream>

#include <gtest/gtest.h>

#include "common/base/cores.h"
#include "common/config/server_setting_table.h"
#include "common/config/value.h"
#include "tests/config/config_testing.h"

namespace sqlicorn {
namespace {

const ServerSetting& Setting(const std::string& name) {
  for (const ServerSetting& setting : ServerSettingTable()) {
    if (setting.name == name) {
      return setting;
    }
  }
  CheckFailed("there is such a setting", __FILE__, __LINE__);
}

TEST(ServerSettings, HaveGunicornsDefaults) {
  const auto settings = ReadServerSettings(Toml(""));
  ASSERT_TRUE(settings.ok());
  EXPECT_EQ(PrintServerSettings(*settings),
            "[server]\n"
            "bind = [\"127.0.0.1:8000\"]\n"
            "backlog = 2048\n"
            "reuse_port = false\n"
            "workers = 1\n"
            "worker_connections = 1000\n"
            "max_requests = 0\n"
            "max_requests_jitter = 0\n"
            "spawn_jitter = 0\n"
            "timeout = 30\n"
            "boot_timeout = 30\n"
            "graceful_timeout = 30\n"
            "keepalive = 2\n"
            "header_timeout = 10\n"
            "body_timeout = 30\n"
            "body_min_rate = 500\n"
            "limit_request_line = 8190\n"
            "limit_request_fields = 100\n"
            "limit_request_field_size = 8190\n"
            "limit_request_body = 1048576\n"
            "limit_worker_buffers = 268435456\n"
            "header_map = \"drop\"\n"
            "slash = \"exact\"\n"
            "forwarded_allow_ips = \"127.0.0.1,::1\"\n"
            "secure_scheme_headers = [\"X-Forwarded-Protocol=ssl\", \"X-Forwarded-Proto=https\", "
            "\"X-Forwarded-Ssl=on\"]\n"
            "proxy_protocol = \"off\"\n"
            "proxy_allow_ips = \"127.0.0.1,::1\"\n"
            "user = \"\"\n"
            "group = \"\"\n"
            "initgroups = true\n"
            "umask = \"0000\"\n"
            "chdir = \"\"\n"
            "raw_env = []\n"
            "daemon = false\n"
            "enable_stdio_inheritance = false\n"
            "pidfile = \"\"\n"
            "accesslog = \"\"\n"
            "disable_redirect_access_to_syslog = false\n"
            "access_log_format = \"%(h)s %(l)s %(u)s %(t)s \\\"%(r)s\\\" %(s)s %(b)s "
            "\\\"%(f)s\\\" \\\"%(a)s\\\"\"\n"
            "errorlog = \"-\"\n"
            "loglevel = \"info\"\n"
            "syslog_addr = \"udp://localhost:514\"\n"
            "syslog = false\n"
            "syslog_prefix = \"\"\n"
            "syslog_facility = \"user\"\n"
            "proc_name = \"\"\n"
            "control_socket = \"\"\n"
            "control_socket_mode = \"0600\"\n");
}

TEST(ServerSettings, AreReadByTheirTypes) {
  const auto settings = ReadServerSettings(Toml(
      "bind = \":80\"\nworkers = 4\nkeepalive = 0.5\nloglevel = \"Debug\"\naccesslog = \"-\"\n"));
  ASSERT_TRUE(settings.ok()) << settings.error().message;
  EXPECT_EQ(settings->bind, std::vector<std::string>{":80"});
  EXPECT_EQ(settings->workers, 4);
  EXPECT_EQ(settings->keepalive, 0.5);
  EXPECT_EQ(settings->loglevel, "Debug");
  EXPECT_EQ(settings->accesslog, "-");
}

TEST(ServerSettings, TakePermissionsAsOctalTextOrAsInteger) {
  for (const char* text : {"\"660\"", "\"0660\"", "\"0o660\"", "0o660", "432"}) {
    const auto settings = ReadServerSettings(Toml(fmt::format("control_socket_mode = {}", text)));
    ASSERT_TRUE(settings.ok()) << settings.error().message;
    EXPECT_EQ(settings->control_socket_mode.bits, 0660U) << text;
  }
}

TEST(ServerSettings, TakeAUmaskInTheBaseItSays) {
  for (const char* text : {"\"0022\"", "\"022\"", "\"0o22\"", "\"0x12\"", "\"18\"", "0o22", "18"}) {
    const auto settings = ReadServerSettings(Toml(fmt::format("umask = {}", text)));
    ASSERT_TRUE(settings.ok()) << settings.error().message;
    EXPECT_EQ(settings->umask.bits, 022U) << text;
  }
  EXPECT_EQ(ReadServerSettings(Toml("umask = \"0\""))->umask.bits, 0U);
}

TEST(ServerSettings, RefuseWhatIsNoUmask) {
  for (const char* text : {"\"\"", "\"0x\"", "\"0o8\"", "\"01000\"", "\"u=rw\"", "-1", "512"}) {
    const auto settings = ReadServerSettings(Toml(fmt::format("umask = {}", text)));
    EXPECT_TRUE(
        ErrorOf(settings).starts_with("t.toml:1:1: server.umask must be permissions to take away, "
                                      "such as \"0022\" or 0o22, not "))
        << text << ": " << ErrorOf(settings);
  }
}

TEST(ServerSettings, RefuseWhatIsNoPermissions) {
  for (const char* text :
       {"\"\"", "\"0o\"", "\"6000\"", "\"680\"", "\"-1\"", "\"rw\"", "-1", "600"}) {
    const auto settings = ReadServerSettings(Toml(fmt::format("control_socket_mode = {}", text)));
    EXPECT_TRUE(ErrorOf(settings).starts_with(
        "t.toml:1:1: server.control_socket_mode must be permissions in octal, such as \"0600\" or "
        "0o600, not "))
        << text << ": " << ErrorOf(settings);
  }
}

TEST(ServerSettings, RefuseBadValues) {
  const std::vector<BadInput> cases = {
      {"wrokers = 4", "1:1: unknown key 'wrokers' in [server] (did you mean 'workers'?)"},
      {"workers = \"4\"",
       "1:1: server.workers must be an integer or \"auto\", not the string \"4\""},
      {"workers = -1", "1:1: server.workers must be 0 to 1024, not -1"},
      {"timeout = true", "1:1: server.timeout must be a number, not the boolean true"},
      {"header_timeout = 0", "1:1: server.header_timeout must be 0.001 to 31536000, not 0"},
      {"limit_request_line = 8191", "1:1: server.limit_request_line must be 0 to 8190, not 8191"},
      {"loglevel = \"loud\"",
       "1:1: server.loglevel: 'loud' is not a log level; use debug, info, warning, error or "
       "critical"},
      {"access_log_format = \"%(h)s %(t\"",
       "1:1: server.access_log_format: cannot read '%(t': the ')' is missing"},
      {"syslog_facility = \"loud\"",
       "1:1: server.syslog_facility: 'loud' is not a syslog facility"},
      {"syslog_addr = \"logs:514\"",
       "1:1: server.syslog_addr: 'logs:514' is not a syslog address: write udp://IP:PORT, "
       "tcp://IP:PORT or unix://PATH[#dgram|#stream]"},
      {"daemon = 1", "1:1: server.daemon must be true or false, not the integer 1"},
      {"slash = \"any\"", "1:1: server.slash: 'any' is not one of: exact, redirect"},
      {"header_map = \"keep\"", "1:1: server.header_map: 'keep' is not one of: drop, refuse"},
      {"proxy_protocol = \"on\"",
       "1:1: server.proxy_protocol: 'on' is not one of: off, v1, v2, auto"},
      {"proxy_allow_ips = \"10.0.0.1/8\"",
       "1:1: server.proxy_allow_ips: '10.0.0.1/8' has bits set behind its mask"},
      {"secure_scheme_headers = [\"https\"]",
       "1:1: server.secure_scheme_headers: 'https': write NAME=VALUE, such as "
       "X-Forwarded-Proto=https"},
      {"raw_env = \"A\"", "1:1: server.raw_env: 'A': write NAME=VALUE, such as TZ=UTC"},
      {"raw_env = [\"A=\", \"=1\"]", "1:1: server.raw_env: '=1': write NAME=VALUE, such as TZ=UTC"},
      {"errorlog = \"\"", "1:1: server.errorlog: must not be empty"},
      {"bind = []", "1:1: server.bind: must have 1 to 64 entries, not 0"},
      {"bind = [\":80\", \"x\"]",
       "1:1: server.bind: 'x' is not a bind address: write IP:PORT, [IPv6]:PORT, localhost:PORT, "
       ":PORT, unix:PATH or fd://N"},
  };
  for (const BadInput& c : cases) {
    EXPECT_EQ(ErrorOf(ReadServerSettings(Toml(c.text))), std::string("t.toml:") + c.error);
  }
}

TEST(ServerSettings, TakeNoLimitForTheGreatestOne) {
  const auto settings = ReadServerSettings(
      Toml("limit_request_line = 0\nlimit_request_fields = 0\nlimit_request_field_size = 0\n"
           "limit_request_body = 0\nmax_requests = 0\nbacklog = 1\n"));
  ASSERT_TRUE(settings.ok()) << settings.error().message;
  EXPECT_EQ(settings->limit_request_line, 8190);
  EXPECT_EQ(settings->limit_request_fields, 32768);
  EXPECT_EQ(settings->limit_request_field_size, 65536);
  EXPECT_EQ(settings->limit_request_body, 1073741824);
  EXPECT_EQ(settings->max_requests, 0);
}

TEST(ServerSettings, ShowTheirDefaultsAsText) {
  const std::pair<const char*, const char*> cases[] = {
      {"bind", "127.0.0.1:8000"}, {"timeout", "30"},
      {"daemon", "false"},        {"initgroups", "true"},
      {"umask", "0000"},          {"control_socket_mode", "0600"},
      {"errorlog", "-"},          {"user", "\"\""},
      {"raw_env", "[]"},          {"proxy_allow_ips", "127.0.0.1,::1"},
  };
  for (const auto& [name, text] : cases) {
    EXPECT_EQ(DefaultText(Setting(name)), text) << name;
  }
}

TEST(ServerSettings, HaveDistinctNamesAndFlags) {
  std::set<std::string> seen;
  for (const ServerSetting& setting : ServerSettingTable()) {
    EXPECT_TRUE(seen.insert(setting.name).second) << setting.name;
    std::istringstream flags(setting.flags);
    for (std::string flag; std::getline(flags, flag, ',');) {
      EXPECT_TRUE(flag.starts_with("-")) << flag;
      EXPECT_TRUE(seen.insert(flag).second) << flag;
    }
  }
}

TEST(ServerSettingFromFlag, FollowsTheTypeOfTheSetting) {
  const Value bind = ServerSettingFromFlag(Setting("bind"), "-b", {":80", ":81"});
  EXPECT_EQ(std::get<Array>(bind.data).size(), 2U);
  const Value mode = ServerSettingFromFlag(Setting("control_socket_mode"), "-m", {"0640"});
  EXPECT_EQ(std::get<std::string>(mode.data), "0640");
  const Value mask = ServerSettingFromFlag(Setting("umask"), "-m", {"0022"});
  EXPECT_EQ(std::get<std::string>(mask.data), "0022");
  const Value pid = ServerSettingFromFlag(Setting("pidfile"), "-p", {"5"});
  EXPECT_EQ(std::get<std::string>(pid.data), "5");
  const Value workers = ServerSettingFromFlag(Setting("workers"), "-w", {"3", "0x5"});
  EXPECT_EQ(std::get<std::int64_t>(workers.data), 5);
}

TEST(Workers, MayBeAsManyAsThereAreCores) {
  const auto cores = static_cast<std::int64_t>(UsableCores());
  const auto file = ReadServerSettings(Toml("workers = \"auto\""));
  ASSERT_TRUE(file.ok()) << file.error().message;
  EXPECT_EQ(file->workers, cores);
  Value flag = Toml("[server]\nworkers = 77\n");
  ASSERT_TRUE(ApplyOverride(flag, "server.workers",
                            ServerSettingFromFlag(Setting("workers"), "-w", {"auto"})));
  EXPECT_EQ(ReadServerSettings(Member(flag, "server"))->workers, cores);
  Value variable = Toml("");
  ApplyEnvironment(variable, [](const char* name) {
    return name == std::string_view("WEB_CONCURRENCY") ? "auto" : nullptr;
  });
  EXPECT_EQ(ReadServerSettings(Member(variable, "server"))->workers, cores);
}

TEST(ServerSettingFromFlag, NamesTheFlagInErrors) {
  Value root = Toml("[server]\n");
  const ServerSetting& workers = Setting("workers");
  ASSERT_TRUE(ApplyOverride(root, "server.workers", ServerSettingFromFlag(workers, "-w", {"abc"})));
  EXPECT_EQ(ErrorOf(ReadServerSettings(Member(root, "server"))),
            "-w: server.workers must be an integer or \"auto\", not the string \"abc\"");
}

const char* Environment(const char* name) {
  const std::string_view wanted = name;
  if (wanted == "FORWARDED_ALLOW_IPS") {
    return "10.0.0.0/8";
  }
  return wanted == "WEB_CONCURRENCY" ? "3" : "8080";
}

TEST(ApplyEnvironment, FillsInWhatNothingElseSays) {
  Value root = Toml("");
  ApplyEnvironment(root, Environment);
  const auto settings = ReadServerSettings(Member(root, "server"));
  ASSERT_TRUE(settings.ok()) << settings.error().message;
  EXPECT_EQ(settings->workers, 3);
  EXPECT_EQ(settings->bind, std::vector<std::string>{"0.0.0.0:8080"});
  EXPECT_EQ(settings->forwarded_allow_ips, "10.0.0.0/8");
}

TEST(ApplyEnvironment, LosesToTheFile) {
  Value root = Toml("[server]\nworkers = 2\nbind = \":1\"\n");
  ApplyEnvironment(root, Environment);
  const auto settings = ReadServerSettings(Member(root, "server"));
  ASSERT_TRUE(settings.ok()) << settings.error().message;
  EXPECT_EQ(settings->workers, 2);
  EXPECT_EQ(settings->bind, std::vector<std::string>{":1"});
}

TEST(ApplyEnvironment, IgnoresUnsetAndEmptyVariables) {
  for (const char* text : {static_cast<const char*>(nullptr), ""}) {
    Value root = Toml("");
    ApplyEnvironment(root, [text](const char*) { return text; });
    EXPECT_TRUE(std::get<Table>(root.data).empty());
  }
}

TEST(ApplyEnvironment, LeavesAServerThatIsNoTableToItsReader) {
  Value root = Toml("server = 5");
  ApplyEnvironment(root, Environment);
  EXPECT_EQ(std::get<std::int64_t>(Member(root, "server").data), 5);
}

TEST(ApplyEnvironment, NamesTheVariableInErrors) {
  Value root = Toml("");
  ApplyEnvironment(root, [](const char*) { return "abc"; });
  EXPECT_EQ(
      ErrorOf(ReadServerSettings(Member(root, "server"))),
      "PORT: server.bind: '0.0.0.0:abc' is not a bind address: the port must be 0 to 65535\n"
      "WEB_CONCURRENCY: server.workers must be an integer or \"auto\", not the string \"abc\"\n"
      "FORWARDED_ALLOW_IPS: server.forwarded_allow_ips: 'abc' is no IP address or network: "
      "write 192.0.2.1, 10.0.0.0/8, ::1 or * for all");
}

}  // namespace
}  // namespace sqlicorn
