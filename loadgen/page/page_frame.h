// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "loadgen/page/page_excerpt.h"

// What every page of a report has around its content.
namespace sqlicorn::loadgen {

// The greatest size of a page, whatever was measured.
inline constexpr std::size_t kMostPageBytes = 500'000;

// From the doctype to the beginning of the body.
[[nodiscard]] std::string PageHead(const std::string& title);

// What `page` makes of the greatest limits with which there is room for it; it is without its end.
[[nodiscard]] std::string PageWithin(const std::function<std::string(const PageLimits&)>& page);

// How much data its end may have.
[[nodiscard]] std::size_t RoomAfter(const std::string& page);

// The page with its data, "" for none, and its end.
[[nodiscard]] std::string PageEnd(const std::string& page, const std::string& data);

// That a page shows but a part, and of what; "" where it shows all.
[[nodiscard]] std::string LeftOutHtml(const std::vector<std::string>& left_out);

}  // namespace sqlicorn::loadgen
