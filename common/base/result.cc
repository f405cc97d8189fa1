// SPDX-License-Identifier: MIT
#include "common/base/result.h"

#include <cstdlib>
#include <system_error>

#include <fmt/format.h>

#include "common/base/log.h"

namespace sqlicorn {

void CheckFailed(const char* condition, const char* file, int line) noexcept {
  LogCritical("CHECK failed: {} at {}:{}", condition, file, line);
  std::abort();
}

Error Error::In(std::string_view what) const {
  return Error{fmt::format("{}: {}", what, message), lasting};
}

Error SystemError(std::string_view what, int errno_value) {
  return Error{fmt::format("{}: {}", what, std::generic_category().message(errno_value))};
}

}  // namespace sqlicorn
