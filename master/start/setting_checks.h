// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

#include "common/base/result.h"
#include "common/config/server_config.h"
#include "master/sockets/inheritance.h"

namespace sqlicorn {

// Whether RLIMIT_NOFILE leaves this process and its children the descriptors they need. What is
// open already is counted, so that a larger limit never does worse than a smaller one.

// Before anything is bound: that workers of these settings could serve, without a write queue. The
// error names the limit that would do.
[[nodiscard]] Status CheckDescriptorLimit(const ServerSettings& settings);

// After everything is bound: that workers of these settings can serve when the master opens `more`.
[[nodiscard]] Status CheckDescriptorsBeside(const ServerSettings& settings, std::size_t more);

// What of valid settings this machine cannot give, found by looking alone: nothing is made, bound
// or held. Each error names the setting, its value and what to do. Paths must be absolute. Log
// files are not looked at here: they are opened before anything is bound.

// Of the pid file and the control socket: that the process may make them where they are to be.
[[nodiscard]] Status CheckServerFiles(const ServerSettings& settings);

// Of the addresses: that no two of them are the same, and that unix sockets can be made.
[[nodiscard]] Status CheckBinds(const ServerSettings& settings);

// All of these before a start, and that the process may have the descriptors it needs. Addresses
// that are not bound need no check: a service manager may bind where we may not.
[[nodiscard]] Status CheckStart(const ServerSettings& settings, const Inheritance& inheritance);

}  // namespace sqlicorn
