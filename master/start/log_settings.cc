// SPDX-License-Identifier: MIT
#include "master/start/log_settings.h"

#include <fcntl.h>
#include <unistd.h>

#include <string>

#include <fmt/format.h>

#include "common/base/file_place.h"
#include "common/base/log.h"
#include "common/base/log_output.h"
#include "common/base/syslog.h"
#include "common/base/unique_fd.h"
#include "common/config/log_options.h"

namespace sqlicorn {
namespace {

Status CreateLogFile(const std::string& path, const FileOwner& owner) {
  FilePlace place;
  if (FindFilePlace(path, &place) != 0) {
    return {};  // who opens it says why
  }
  const UniqueFd file = OpenAtPlace(place, O_WRONLY | O_CREAT | O_EXCL, 0644);
  if (!file) {
    return {};
  }
  const int error = GiveAway(file.get(), owner);
  if (error != 0) {
    unlinkat(place.directory.get(), place.name.c_str(), 0);
    return SystemError(fmt::format("cannot give the log file '{}' to its user", path), error);
  }
  return {};
}

Status NameErrorLog(const Status& opened) {
  return opened ? opened
                : Error{fmt::format("server.errorlog: {}; make its directory or name another file",
                                    opened.error().message)};
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
  return NameErrorLog(SetLogTarget(settings.errorlog));
}

void WarnOfAbsentSyslog(const ServerSettings& settings) {
  const auto options = SyslogOptionsOf(settings);
  const Status found = options ? ProbeSyslog(*options) : Status();
  if (!found) {
    LogWarning(
        "server.syslog_addr = '{}': nobody takes lines there ({}); they are lost until "
        "somebody does",
        settings.syslog_addr, found.error().message);
  }
}

Status CheckErrorLog(const ServerSettings& settings) {
  const auto output = LogOutput::Open(settings.errorlog, STDERR_FILENO);
  return output ? Status()
                : NameErrorLog(Error{"cannot open the log file " + output.error().message});
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

NewLogFiles::NewLogFiles(const ServerSettings& settings) {
  for (const std::string* path : {&settings.errorlog, &settings.accesslog}) {
    if (!path->empty() && *path != "-" && access(path->c_str(), F_OK) != 0) {
      paths_.push_back(*path);
    }
  }
}

NewLogFiles::~NewLogFiles() {
  for (const std::string& path : paths_) {
    UnlinkAtPlace(path);
  }
}

}  // namespace sqlicorn
