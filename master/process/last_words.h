// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "common/base/unique_fd.h"

namespace sqlicorn {

// Carries to the master why a child could not do what it was started for: what the child says with
// TellStarter, ReportFatal among others. One pipe for all children, made before the first of them;
// where none is to be had the master learns nothing.
class LastWords {
 public:
  LastWords();
  ~LastWords();
  LastWords(const LastWords&) = delete;
  LastWords& operator=(const LastWords&) = delete;

  // The first message that came since the last call, "" if none did. Later ones are dropped.
  [[nodiscard]] std::string Take();

  // In a forked child, which keeps the writing end only.
  void LeaveInChild() { reader_.Reset(); }

 private:
  UniqueFd reader_;
  UniqueFd writer_;
};

}  // namespace sqlicorn
