// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "common/base/clock.h"
#include "common/base/unique_fd.h"
#include "tests/support/wait_for.h"

namespace sqlicorn {

// The service manager's end of sd_notify(3).
class ServiceManager {
 public:
  explicit ServiceManager(const std::string& path);

  // For the child that becomes the server.
  void SetEnvironment(Duration watchdog) const;

  // The next datagram; "" when none comes within `limit`.
  [[nodiscard]] std::string Hear(Duration limit = kPatience);

  // The next datagram that starts so; all before it are passed over.
  [[nodiscard]] std::string HearUntil(std::string_view start);

 private:
  std::string path_;
  UniqueFd fd_;
};

}  // namespace sqlicorn
