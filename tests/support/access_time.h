// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "common/base/clock.h"
#include "tests/support/matches.h"

namespace sqlicorn {

// A line of the access log with its time, which must have gunicorn's form, replaced by "[T]".
inline std::string WithoutAccessTime(std::string line) {
  const std::size_t begin = line.find('[');
  if (begin == std::string::npos) {
    return line;
  }
  EXPECT_TRUE(
      Matches(line.substr(begin, kAccessLogTimeBytes),
              "^\\[[0-9]{2}/[A-Z][a-z]{2}/[0-9]{4}:[0-9]{2}:[0-9]{2}:[0-9]{2} [+-][0-9]{4}\\]$"))
      << line;
  return line.replace(begin, kAccessLogTimeBytes, "[T]");
}

}  // namespace sqlicorn
