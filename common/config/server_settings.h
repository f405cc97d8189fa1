// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "common/base/result.h"
#include "common/config/faults.h"
#include "common/config/server_config.h"
#include "common/config/value.h"

namespace sqlicorn {

// One setting of [server]. A new setting is a member of ServerSettings and a line of the table in
// server_setting_table.cc: from it come the TOML key, the command-line flag, --help and
// --print-config.
struct ServerSetting {
  using Member =
      std::variant<bool ServerSettings::*, std::int64_t ServerSettings::*, double ServerSettings::*,
                   std::string ServerSettings::*, std::vector<std::string> ServerSettings::*,
                   FileMode ServerSettings::*, Umask ServerSettings::*>;

  const char* name;   // the key in [server]
  const char* flags;  // as CLI11 takes them: "-b,--bind"; a bool gets --no-X too
  const char* help;
  Member member;
  double min = 0;  // of a number, or of the length of a list
  double max = 0;
  Status (*check)(const std::string& text) = nullptr;  // of a string, or of each one in a list
  bool zero_is_max = false;  // of an integer: 0, gunicorn's "no limit", means `max`
};

[[nodiscard]] const std::vector<ServerSetting>& ServerSettingTable();

// The default as --help shows it: text without quotes, `""` and [] where empty.
[[nodiscard]] std::string DefaultText(const ServerSetting& setting);

// What `flag` with `texts` (more than one only for a list) sets `server.<name>` to, for
// ApplyOverride. The value is checked when the settings are read.
[[nodiscard]] Value ServerSettingFromFlag(const ServerSetting& setting, const std::string& flag,
                                          const std::vector<std::string>& texts);

// getenv, or a stand-in: nullptr for a variable that is not set.
using GetEnv = std::function<const char*(const char* name)>;

// Fills `root` in from WEB_CONCURRENCY (workers) and PORT (bind 0.0.0.0:PORT) and
// FORWARDED_ALLOW_IPS where it says nothing; so this comes after all overrides. An empty variable
// counts as unset.
void ApplyEnvironment(Value& root, const GetEnv& getenv);

// Reads [server]; a setting of gunicorn that has no meaning here is refused with the reason. What
// is wrong is added to `faults`. REQUIRES: `table` holds a Table.
[[nodiscard]] ServerSettings ReadServerSettings(const Value& table, Faults* faults);

// The [server] table as TOML, one line per setting in the order of the table.
[[nodiscard]] std::string PrintServerSettings(const ServerSettings& settings);

}  // namespace sqlicorn
