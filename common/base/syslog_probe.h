// SPDX-License-Identifier: MIT
#pragma once

#include "common/base/result.h"
#include "common/base/syslog.h"

namespace sqlicorn {

// Whether a syslog daemon is there to take lines, as far as a moment tells: at most a fifth of a
// second. Sends one line by UDP, where only an answer to it says that nobody listens, and only if
// he is near; nothing otherwise.
[[nodiscard]] Status ProbeSyslog(const SyslogOptions& options);

}  // namespace sqlicorn
