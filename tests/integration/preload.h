// SPDX-License-Identifier: MIT
#pragma once

#include <cstdlib>
#include <string>

namespace sqlicorn {

// For ServerOptions::in_child: the server meets a fault of tests/support/faults.cc.
inline void Preload(const char* name, const std::string& value) {
  setenv("LD_PRELOAD", SQLICORN_FAULTS_LIBRARY, 1);
  setenv("ASAN_OPTIONS", "verify_asan_link_order=0:detect_leaks=0", 1);
  setenv(name, value.c_str(), 1);
}

}  // namespace sqlicorn
