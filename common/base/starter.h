// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace sqlicorn {

// From here on TellStarter writes to this non-blocking pipe, in this process and those it forks;
// -1 = nowhere.
void SetStarterPipe(int fd);

// Tells whoever started this process why it cannot do what it was started for: the message and a
// NUL, cut so that one write holds both. Never blocks; nobody need listen.
void TellStarter(std::string_view message);

// There is nothing more to tell: closes this process's end.
void LeaveStarter();

}  // namespace sqlicorn
