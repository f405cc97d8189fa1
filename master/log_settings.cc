// SPDX-License-Identifier: MIT
#include "master/log_settings.h"

#include "common/base/log.h"

namespace sqlicorn {

Status ApplyLogSettings(const ServerSettings& settings) {
  const auto level = ParseLogLevel(settings.loglevel);
  if (!level) {
    return level.error();
  }
  SetLogLevel(*level);
  return SetLogTarget(settings.errorlog);
}

}  // namespace sqlicorn
