// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "common/base/syslog.h"
#include "common/config/server_config.h"

namespace sqlicorn {

// What may stand in a line of the access log: gunicorn's atoms.
enum class AccessAtom {
  kLiteral,         // the text itself
  kDash,            // %(l)s, and every name we do not know
  kRemote,          // h
  kUser,            // u: of HTTP Basic
  kTime,            // t
  kRequestLine,     // r
  kMethod,          // m
  kPath,            // U: decoded
  kQuery,           // q
  kProtocol,        // H
  kStatus,          // s
  kBytes,           // b, B: of the body
  kReferer,         // f
  kUserAgent,       // a
  kSeconds,         // T: whole
  kMilliseconds,    // M
  kMicroseconds,    // D
  kDecimalSeconds,  // L: 0.002113
  kPid,             // p
  kRequestHeader,   // {name}i
  kResponseHeader,  // {name}o
  kVariable,        // {name}e: of the CGI-like environment
};

struct AccessPiece {
  AccessAtom atom = AccessAtom::kLiteral;
  std::string text;  // of a literal, or the name of a header or variable in lower case
};

// server.access_log_format, taken apart once.
struct AccessFormat {
  bool json = false;  // one JSON object per line; there are no pieces
  std::vector<AccessPiece> pieces;
  bool durations = false;  // a line tells how long the request took
};

// "json", or text with %(atom)s in it (%(atom)d where it is a number) and %% for a '%'. The error
// quotes the place.
[[nodiscard]] Result<AccessFormat> ParseAccessFormat(std::string_view text);

// How to reach the syslog daemon; nothing when `settings` does not ask for one.
// REQUIRES: the settings were checked.
[[nodiscard]] std::optional<SyslogOptions> SyslogOptionsOf(const ServerSettings& settings);

}  // namespace sqlicorn
