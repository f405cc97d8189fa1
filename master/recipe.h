// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>

#include "common/base/result.h"
#include "master/generations.h"
#include "master/start/command_line.h"
#include "master/start/program_start.h"
#include "master/start/surroundings.h"

namespace sqlicorn {

// How the program was called. All of it outlives the server.
struct Invocation {
  const CommandLine& line;    // read again for a reload
  const ProgramStart& start;  // run again for an upgrade
  Surroundings& surroundings;
};

// The generation of a reload, from all sources anew; what `serving` has of it is shared. Missing is
// a prepared database. `suffix` follows the names of the master's files; `room` is the greatest
// number of workers this master can have.
[[nodiscard]] Result<Generation> LoadForReload(const Invocation& invocation,
                                               const Generation& serving, const std::string& suffix,
                                               std::size_t room);

}  // namespace sqlicorn
