// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace sqlicorn {

// Remembers where the kernel keeps the argument vector. Call once, first thing in main.
void InitProcessTitle(int argc, char** argv);

// What ps shows: "sqlicorn: worker [NAME]". Overwrites the argument vector, cut to its length, and
// sets the 15-character thread name. Arguments must not be read through argv afterwards.
void SetProcessTitle(std::string_view title);

}  // namespace sqlicorn
