// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "loadgen/report/report_table.h"

// Texts and tables in HTML.
namespace sqlicorn::loadgen {

// JSON inside a <script type="application/json">: nothing in it can end the element.
[[nodiscard]] std::string ScriptJson(std::string_view json);

// The table with its title as a caption. It scrolls alone where it is wider than the page.
[[nodiscard]] std::string HtmlOf(const ReportTable& table);

// A <ul>; "" without texts.
[[nodiscard]] std::string HtmlList(std::string_view css_class,
                                   const std::vector<std::string>& texts);

// The classes that give the series with this number its colour and pattern of dashes: 21 looks.
[[nodiscard]] std::string SeriesClass(std::size_t series);

}  // namespace sqlicorn::loadgen
