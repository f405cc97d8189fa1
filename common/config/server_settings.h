// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "common/config/server_config.h"
#include "common/config/server_setting_table.h"
#include "common/config/value.h"

namespace sqlicorn {

// What ServerSetting::automatic is asked for by.
inline constexpr std::string_view kAutomatic = "auto";

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
