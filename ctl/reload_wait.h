// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string_view>

#include "common/base/clock.h"
#include "common/base/process.h"
#include "common/base/result.h"
#include "common/control/control_protocol.h"
#include "ctl/control_client.h"

namespace sqlicorn {

enum class ReloadState { kUnderWay, kDone, kFailed, kNeverEnds };

// How the reload `number` of a master fares, by the data of its `show stats`. One that has ended
// since and read the files later counts instead: it says what is in force.
[[nodiscard]] ReloadState StateOfReload(std::string_view stats, std::uint64_t number);

// What to print and how to end.
struct ReloadEnd {
  ControlOutcome outcome;
  ExitCode exit_code;
};

// `reload --wait`: asks for a reload and returns when its new workers serve (kOk), when it has
// failed, for which the error is the reason (kError), or when `limit` is over (kTimeout),
// also when the server has not answered by then.
[[nodiscard]] ReloadEnd ReloadAndWait(ControlClient& client, Duration limit);

}  // namespace sqlicorn
