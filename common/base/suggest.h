// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sqlicorn {

// " (did you mean 'workers'?)" for the candidate nearest to `word` by edit distance, or "" when
// none is near enough to be what was meant.
[[nodiscard]] std::string DidYouMean(std::string_view word,
                                     const std::vector<std::string>& candidates);

}  // namespace sqlicorn
