// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include "master/generations.h"
#include "master/start/surroundings.h"

namespace sqlicorn {

// What the master itself takes on from the configuration that serves: its title, its directory and
// environment, its log. What cannot be had stays as it was and is said in the log.
class MasterSettings {
 public:
  explicit MasterSettings(Surroundings& surroundings) : surroundings_(surroundings) {}

  // `suffix`: of this master's names, as Upgrade has it.
  void TakeOn(const Generation& serving, std::string_view suffix);

  void ShowTitle(const Generation& serving, std::string_view suffix) const;

  // After a rotation of the log files.
  void ReopenLogs(const Generation& serving) const;

 private:
  Surroundings& surroundings_;
};

// Makes the log files of a generation that are not there: a process of its user would have to make
// one that was moved away, where it may not.
void CreateLogs(const Generation& generation);

}  // namespace sqlicorn
