// SPDX-License-Identifier: MIT
#include "master/log_settings.h"

#include <fcntl.h>
#include <unistd.h>

#include <string>

#include <fmt/format.h>

#include "common/base/log.h"
#include "common/base/unique_fd.h"
#include "common/config/log_options.h"

namespace sqlicorn {
namespace {

Status CreateLogFile(const std::string& path, const FileOwner& owner) {
  const UniqueFd file(open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
  if (!file) {
    return {};
  }
  const int error = GiveAway(file.get(), owner);
  if (error != 0) {
    unlink(path.c_str());
    return SystemError(fmt::format("cannot give the log file '{}' to its user", path), error);
  }
  return {};
}

}  // namespace

Status ApplyLogSettings(const ServerSettings& settings) {
  const auto level = ParseLogLevel(settings.loglevel);
  if (!level) {
    return level.error();
  }
  SetLogLevel(*level);
  const auto syslog = SyslogOptionsOf(settings);
  SetLogSyslog(syslog ? &*syslog : nullptr);
  return SetLogTarget(settings.errorlog);
}

Status CreateLogFiles(const ServerSettings& settings, const FileOwner& owner) {
  Status created;
  for (const std::string* path : {&settings.errorlog, &settings.accesslog}) {
    if (owner.set() && created && !path->empty() && *path != "-") {
      created = CreateLogFile(*path, owner);
    }
  }
  return created;
}

}  // namespace sqlicorn
