// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/config/server_config.h"
#include "master/process/identity.h"

namespace sqlicorn {

// Points the error log of this process where the settings say.
Status ApplyLogSettings(const ServerSettings& settings);

// A warning when the syslog daemon that the settings want is not there. Lines go on being sent: it
// may come.
void WarnOfAbsentSyslog(const ServerSettings& settings);

// That the error log can be opened; it is made if it is not there.
[[nodiscard]] Status CheckErrorLog(const ServerSettings& settings);

// Makes the log files that are not there yet and gives them to `owner`, who will open them again
// when they are rotated. A file that exists stays whose it is: a process of the owner may have put
// a link to another one in its place. What cannot be made is left to whoever opens it to report.
[[nodiscard]] Status CreateLogFiles(const ServerSettings& settings, const FileOwner& owner);

// The log files that are not there yet when this is made. Its death removes what has been made of
// them meanwhile: a check is to leave nothing, and a file of root's would keep the server's user
// out.
class NewLogFiles {
 public:
  explicit NewLogFiles(const ServerSettings& settings);
  ~NewLogFiles();
  NewLogFiles(const NewLogFiles&) = delete;
  NewLogFiles& operator=(const NewLogFiles&) = delete;

 private:
  std::vector<std::string> paths_;
};

}  // namespace sqlicorn
