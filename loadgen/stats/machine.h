// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/clock.h"

namespace sqlicorn::loadgen {

// Where a comparison ran, for its report. What cannot be found out is "unknown".

[[nodiscard]] std::uint32_t CoreCount();  // that this process may use
// Used by this process so far, user and system.
[[nodiscard]] double CpuSeconds();

[[nodiscard]] std::int64_t UnixMicroseconds();  // now, by the wall clock

[[nodiscard]] std::string CpuModel();
[[nodiscard]] std::string KernelName();  // "Linux 6.1.0-26-amd64 x86_64"

// The type of the file system that holds `path`: "ext4", "tmpfs".
[[nodiscard]] std::string FileSystemOf(const std::string& path);

// What one fdatasync of a page takes in this directory, the median of several, tried for half a
// second at most; nothing where that cannot be tried. Leaves nothing behind.
[[nodiscard]] std::optional<Duration> FlushTime(const std::string& directory);

// Keeps its files in memory, so that an fsync is free.
[[nodiscard]] bool IsVolatile(std::string_view file_system);

// "2026-11-22 09:59:27 +0000": now, and a moment of unix time.
[[nodiscard]] std::string LocalTimeText();
[[nodiscard]] std::string LocalTimeText(std::int64_t unix_s);

}  // namespace sqlicorn::loadgen
