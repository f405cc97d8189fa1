// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

namespace sqlicorn::loadgen {

enum class Align { kLeft, kRight };

// A table of texts, for a terminal or a Markdown file.
struct ReportTable {
  struct Column {
    std::string group;  // stands above neighbouring columns of the same group; "" = none
    std::string name;
    Align align = Align::kRight;
  };

  std::string title;  // "" = none
  std::vector<Column> columns;
  std::vector<std::vector<std::string>> rows;  // as many cells as columns
};

// In columns of the width they need, the title on a line of its own. ASCII is taken for granted.
[[nodiscard]] std::string TextOf(const ReportTable& table);

// As a pipe table under a heading of the third level.
[[nodiscard]] std::string MarkdownOf(const ReportTable& table);

// `text` with what Markdown would take for its own escaped.
[[nodiscard]] std::string MarkdownText(const std::string& text);

}  // namespace sqlicorn::loadgen
