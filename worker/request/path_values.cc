// SPDX-License-Identifier: MIT
#include "worker/request/path_values.h"

#include "common/base/text.h"
#include "common/http/url.h"

namespace sqlicorn {

bool PathValues::Decode() {
  std::size_t most = 0;
  for (const std::string_view value : values_) {
    most += value.size();
  }
  decoded_.clear();
  decoded_.reserve(most);  // nothing moves from here on: decoding never lengthens
  std::string part;
  for (std::string_view& value : values_) {
    if (value.find('%') == std::string_view::npos) {
      if (!IsValidText(value)) {
        return false;
      }
      continue;
    }
    if (!PercentDecode(value, &part)) {
      return false;
    }
    const std::size_t begin = decoded_.size();
    decoded_ += part;
    value = std::string_view(decoded_).substr(begin);
  }
  return true;
}

}  // namespace sqlicorn
