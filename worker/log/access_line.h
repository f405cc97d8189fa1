// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "common/base/clock.h"
#include "common/config/log_options.h"
#include "common/http/message.h"
#include "common/http/writer.h"

namespace sqlicorn {

// What a line of the access log tells of. A request that could not be read has an empty method.
struct AccessRecord {
  std::string_view peer;  // "" of a unix socket
  std::string_view scheme = "http";
  const Message& request;
  const Reply& reply;
  Duration duration{};
  std::string_view time;      // "[22/Nov/2026:09:59:27 +0000]"
  std::string_view iso_time;  // "2026-11-22T09:59:27.042+00:00", for JSON only
  std::string_view pid;
  std::string& scratch;
};

// Appends the line with its '\n'. Nothing of a client can end the line, nor a quoted field of it.
// In text `"` becomes \" and a control octet \xHH; JSON has escapes of its own, and U+FFFD for
// octets that are not UTF-8. Allocates nothing while `out` and the scratch have room, as a signal
// handler needs it.
void AppendAccessLine(const AccessFormat& format, const AccessRecord& record, std::string* out);

// More octets than the line of this request can have, and its scratch.
[[nodiscard]] std::size_t AccessLineBound(const AccessFormat& format, const AccessRecord& record);

}  // namespace sqlicorn
