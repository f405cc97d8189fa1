// SPDX-License-Identifier: MIT
#include "common/base/result.h"

#include <system_error>

#include <fmt/format.h>

namespace sqlicorn {

Error Error::In(std::string_view what) const {
  return Error{fmt::format("{}: {}", what, message), lasting};
}

Error SystemError(std::string_view what, int errno_value) {
  return Error{fmt::format("{}: {}", what, std::generic_category().message(errno_value))};
}

}  // namespace sqlicorn
