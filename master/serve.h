// SPDX-License-Identifier: MIT
#pragma once

#include "common/base/process.h"
#include "master/generations.h"
#include "master/recipe.h"
#include "master/start/daemon.h"

namespace sqlicorn {

// What a start would find, in its order, and its exit code then. Nothing is made, bound or held.
[[nodiscard]] ExitCode Check(const Generation& first, const ProgramStart& start);

// The life of a server, from a valid configuration to the exit code. What keeps it from starting is
// printed on stderr, and nothing is left behind. `first` is a draft (recipe.h).
// `launch` is told when the server serves; null in the foreground.
[[nodiscard]] ExitCode Serve(Generation first, const Invocation& invocation, LaunchReport* launch);

}  // namespace sqlicorn
