// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "common/base/result.h"

namespace sqlicorn {

// The whole file. Errors name the path: missing, unreadable, a directory, larger than 64 MiB. A
// pipe is read as one too: an error when nobody has opened it to write, or nothing comes for five
// seconds.
[[nodiscard]] Result<std::string> ReadFile(const std::string& path);

// Replaces a regular file, or makes it, by way of a temporary one in the same directory and
// rename(2): a reader sees the old content or the new one, and a failure leaves the old one. What
// is no regular file stays what it is: devices, pipes and what links point to are written into, and
// so are the descriptors that /dev/fd/N names. A pipe that nobody reads is an error after five
// seconds.
[[nodiscard]] Status WriteFile(const std::string& path, std::string_view content);

// `path` as it stands when absolute, else relative to `directory`.
[[nodiscard]] std::string ResolvePath(const std::string& directory, const std::string& path);

// Whether WriteFile could write `path`, tried without leaving anything behind or touching the file:
// a report that cannot be written should not be found out after the measurement. "" is fine.
[[nodiscard]] Status CheckWritable(const std::string& path);

}  // namespace sqlicorn
