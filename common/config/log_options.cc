// SPDX-License-Identifier: MIT
#include "common/config/log_options.h"

#include <algorithm>
#include <string>

namespace sqlicorn {

std::optional<SyslogOptions> SyslogOptionsOf(const ServerSettings& settings) {
  if (!settings.syslog) {
    return std::nullopt;
  }
  std::string name = settings.syslog_prefix;
  if (name.empty()) {
    name = settings.proc_name;
    std::replace(name.begin(), name.end(), ':', '.');
  }
  return SyslogOptions{ParseSyslogTarget(settings.syslog_addr).value(),
                       ParseSyslogFacility(settings.syslog_facility).value(), "sqlicorn." + name};
}

}  // namespace sqlicorn
