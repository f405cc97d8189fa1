// SPDX-License-Identifier: MIT
#pragma once

namespace sqlicorn {

// Writes the failed condition and its place to the log and aborts.
[[noreturn]] void CheckFailed(const char* condition, const char* file, int line) noexcept;

}  // namespace sqlicorn

// For our own bugs only, in release builds too: a worker that aborts is replaced by the master.
#define CHECK(condition) \
  (static_cast<bool>(condition) ? void(0) : ::sqlicorn::CheckFailed(#condition, __FILE__, __LINE__))
