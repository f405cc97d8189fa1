// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

namespace sqlicorn {

// The names of what is in a directory, in no order. Where it is not there, cannot be read, or goes
// while it is read (that of a process that ends), there are none or those until then: the iterators
// of <filesystem> throw in such a moment, though they were given an error_code.
[[nodiscard]] std::vector<std::string> NamesIn(const std::string& directory);

}  // namespace sqlicorn
