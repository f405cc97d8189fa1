// SPDX-License-Identifier: MIT
#pragma once

#include "common/base/result.h"
#include "common/config/server_config.h"

namespace sqlicorn {

// Points the error log of this process where the settings say.
Status ApplyLogSettings(const ServerSettings& settings);

}  // namespace sqlicorn
