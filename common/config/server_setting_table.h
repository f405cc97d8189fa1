// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "common/base/result.h"
#include "common/config/server_config.h"

namespace sqlicorn {

// One setting of [server]. A new setting is a member of ServerSettings and a line of the table:
// from it come the TOML key, the command-line flag, --help and --print-config.
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
  bool zero_is_max = false;              // of an integer: 0, gunicorn's "no limit", means `max`
  std::size_t (*automatic)() = nullptr;  // of an integer: what "auto" stands for, now and here
};

[[nodiscard]] const std::vector<ServerSetting>& ServerSettingTable();

}  // namespace sqlicorn
