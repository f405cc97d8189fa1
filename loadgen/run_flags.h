// SPDX-License-Identifier: MIT
#pragma once

#include "loadgen/command_line.h"

namespace sqlicorn::loadgen {

void AddRunFlags(CLI::App& app, RunFlags* flags);

}  // namespace sqlicorn::loadgen
