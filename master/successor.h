// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <cstdint>

#include "common/base/result.h"
#include "master/process/signal_queue.h"
#include "master/sockets/listeners.h"
#include "master/start/program_start.h"

namespace sqlicorn {

// Starts a second master from the program as it is on disk now. It inherits the listening sockets
// and learns of them, of us and of the `database` (FileKeyOf) that we serve, through its
// environment (inheritance.h). It is our child, and outlives us.
[[nodiscard]] Result<pid_t> StartSuccessor(const ProgramStart& start, const Listeners& listeners,
                                           std::uint64_t database, const SignalQueue& signals);

}  // namespace sqlicorn
