// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "common/base/result.h"
#include "common/base/unique_fd.h"
#include "worker/exchange.h"

namespace sqlicorn {

// The access log of a worker: one line per answered request in the Combined format, gathered in
// memory and written once per loop turn. Workers append to the same file; a write of whole lines
// keeps them whole.
class AccessLog {
 public:
  // "" = off, "-" = stdout, else a file to append to.
  [[nodiscard]] static Result<AccessLog> Open(const std::string& target);

  void Append(std::string_view peer, const Exchange& exchange);

  // Writes what was gathered. A target that takes nothing loses lines, never time.
  void Flush();

 private:
  explicit AccessLog(UniqueFd fd) : fd_(std::move(fd)) {}

  void RefreshTime();

  UniqueFd fd_;
  std::string buffer_;
  long time_second_ = -1;
  std::string time_text_;  // "[22/Nov/2026:09:59:27 +0000]"
};

}  // namespace sqlicorn
