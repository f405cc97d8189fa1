// SPDX-License-Identifier: MIT
#include "master/master_settings.h"

#include <fmt/format.h>

#include "common/base/log.h"
#include "common/base/process_title.h"
#include "master/start/log_settings.h"

namespace sqlicorn {

void MasterSettings::TakeOn(const Generation& serving, std::string_view suffix) {
  const ServerSettings& settings = serving.config.server;
  ShowTitle(serving, suffix);
  if (const Status taken = surroundings_.TakeOn(settings); !taken) {
    LogError("{}", taken.error().message);
  }
  CreateLogs(serving);
  if (const Status used = ApplyLogSettings(settings); !used) {
    LogError("{}; the old one stays in use", used.error().message);
  }
}

void MasterSettings::ShowTitle(const Generation& serving, std::string_view suffix) const {
  SetProcessTitle(fmt::format("sqlicorn: master [{}{}]", serving.config.server.proc_name, suffix));
}

void MasterSettings::ReopenLogs(const Generation& serving) const {
  CreateLogs(serving);
  if (const Status reopened = SetLogTarget(serving.config.server.errorlog); !reopened) {
    LogError("{}; the old one stays in use", reopened.error().message);
  }
}

void CreateLogs(const Generation& generation) {
  const auto created = CreateLogFiles(generation.config.server, generation.identity.owner());
  if (!created) {
    LogError("{}", created.error().message);
  }
}

}  // namespace sqlicorn
