// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <string>
#include <string_view>

#include "common/base/result.h"
#include "master/generations.h"
#include "master/sockets/inheritance.h"
#include "master/sockets/listeners.h"
#include "master/start/command_line.h"
#include "master/start/surroundings.h"

namespace sqlicorn {

// How a configuration becomes a generation that can be served. A start, a check (--check-config)
// and a reload take the same steps, and what a step has obtained goes with the draft when a later
// one fails:
//
//   1 Draft            what the configuration alone decides            start, check, reload
//   2 Check…           what the machine cannot give                    start, check, reload
//   3 TakePidfile      no other server of this configuration lives     start, reload
//   4 PrepareDatabase  in a child                                      start, check, reload
//   5 Listen…                                                          start, reload
//
// A start binds nothing until every statement has been prepared: nobody is to connect to a server
// that cannot start. A reload takes step 5 before step 4: what its child has done to the database
// could not be taken back for an address that is not to be had.

// 1. An error where two settings name one file, or workers cannot be who they are to be. From here
// on the path of the database has no links, so that all processes mean the same file.
[[nodiscard]] Result<Generation> Draft(ServerConfig config);

// 2. Which sockets are open already. `self`: our pid, as our starter knows us.
[[nodiscard]] Result<Inheritance> CheckMachine(const ServerConfig& config, pid_t self);

// 3. The file of `serving` is shared where it is the same; null: nothing serves. `suffix` follows
// its name.
[[nodiscard]] Status TakePidfile(Generation* draft, const Generation* serving,
                                 const std::string& suffix);

// 5. Sockets from outside are all there is. Those of the master we are to replace are shared with
// it as far as the configuration of today wants them.
[[nodiscard]] Status ListenAtStart(Generation* draft, const Inheritance& inheritance,
                                   const BindRetry& retry);

// How the program was called. All of it outlives the server.
struct Invocation {
  const CommandLine& line;    // read again for a reload
  const ProgramStart& start;  // run again for an upgrade
  Surroundings& surroundings;
};

// The generation of a reload: all sources read anew, and all steps but the preparation. `room`: the
// greatest number of workers this master can have.
[[nodiscard]] Result<Generation> LoadForReload(const Invocation& invocation,
                                               const Generation& serving, const std::string& suffix,
                                               std::size_t room);

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
