// SPDX-License-Identifier: MIT
#pragma once

#include "common/base/result.h"
#include "common/config/server_config.h"
#include "master/identity.h"

namespace sqlicorn {

// Points the error log of this process where the settings say.
Status ApplyLogSettings(const ServerSettings& settings);

// Makes the log files that are not there yet and gives them to `owner`, who will open them again
// when they are rotated. A file that exists stays whose it is: a process of the owner may have put
// a link to another one in its place. What cannot be made is left to whoever opens it to report.
[[nodiscard]] Status CreateLogFiles(const ServerSettings& settings, const FileOwner& owner);

}  // namespace sqlicorn
