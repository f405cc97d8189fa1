// SPDX-License-Identifier: MIT
#include "loadgen/report/report_table.h"

#include <algorithm>
#include <cstddef>
#include <string_view>

#include <fmt/format.h>

namespace sqlicorn::loadgen {
namespace {

using Widths = std::vector<std::size_t>;

std::string Padded(std::string_view text, std::size_t width, Align align) {
  return align == Align::kLeft ? fmt::format("{:<{}}", text, width)
                               : fmt::format("{:>{}}", text, width);
}

std::string Trimmed(std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  return line + "\n";
}

Widths WidthsOf(const ReportTable& table) {
  Widths widths;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    std::size_t width = table.columns[i].name.size();
    for (const auto& row : table.rows) {
      width = std::max(width, row[i].size());
    }
    widths.push_back(width);
  }
  return widths;
}

// Groups stand a little apart.
std::size_t GapBefore(const ReportTable& table, std::size_t i) {
  if (i == 0) {
    return 0;
  }
  return table.columns[i].group == table.columns[i - 1].group ? 1 : 2;
}

// The last column of a group takes what the others lack for its name, where another group follows.
Widths WithRoomForGroups(const ReportTable& table, Widths widths) {
  std::size_t taken = 0;  // by the columns of the group so far
  for (std::size_t i = 0; i < widths.size(); ++i) {
    taken = i > 0 && GapBefore(table, i) == 1 ? taken + 1 : 0;
    const bool last = i + 1 < widths.size() && GapBefore(table, i + 1) != 1 &&
                      !table.columns[i + 1].group.empty();
    const std::size_t group = table.columns[i].group.size();
    if (last && taken + widths[i] < group) {
      widths[i] = group - taken;
    }
    taken += widths[i];
  }
  return widths;
}

std::string Line(const ReportTable& table, const Widths& widths,
                 const std::vector<std::string>& cells) {
  std::string line;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    line.append(GapBefore(table, i), ' ');
    line += Padded(cells[i], widths[i], table.columns[i].align);
  }
  return Trimmed(line);
}

std::string GroupLine(const ReportTable& table, const Widths& widths) {
  std::string line;
  std::size_t at = 0;
  for (std::size_t i = 0; i < widths.size(); ++i) {
    at += GapBefore(table, i);
    const std::string& group = table.columns[i].group;
    if (!group.empty() && GapBefore(table, i) != 1) {
      line.resize(std::max(line.size(), at), ' ');
      line += group;
    }
    at += widths[i];
  }
  return line.empty() ? "" : line + "\n";
}

std::vector<std::string> Heads(const ReportTable& table) {
  std::vector<std::string> heads;
  for (const ReportTable::Column& column : table.columns) {
    heads.push_back(column.name);
  }
  return heads;
}

std::string Pipes(const std::vector<std::string>& cells) {
  std::string line = "|";
  for (const std::string& cell : cells) {
    line += " " + MarkdownText(cell) + " |";
  }
  return line + "\n";
}

}  // namespace

std::string TextOf(const ReportTable& table) {
  const Widths widths = WithRoomForGroups(table, WidthsOf(table));
  std::string text = table.title.empty() ? "" : table.title + "\n";
  text += GroupLine(table, widths) + Line(table, widths, Heads(table));
  std::size_t total = 0;
  for (std::size_t i = 0; i < widths.size(); ++i) {
    total += GapBefore(table, i) + widths[i];
  }
  text += std::string(total, '-') + "\n";
  for (const auto& row : table.rows) {
    text += Line(table, widths, row);
  }
  return text;
}

std::string MarkdownOf(const ReportTable& table) {
  std::string text = table.title.empty() ? "" : "### " + MarkdownText(table.title) + "\n\n";
  std::vector<std::string> heads;
  std::string rule = "|";
  for (const ReportTable::Column& column : table.columns) {
    heads.push_back(column.group.empty() ? column.name : column.group + " " + column.name);
    rule += column.align == Align::kLeft ? " --- |" : " ---: |";
  }
  text += Pipes(heads) + rule + "\n";
  for (const auto& row : table.rows) {
    text += Pipes(row);
  }
  return text;
}

std::string MarkdownText(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    if (std::string_view("|*_`<>[]\\").find(c) != std::string_view::npos) {
      escaped += '\\';
    }
    escaped += c == '\n' ? ' ' : c;
  }
  return escaped;
}

}  // namespace sqlicorn::loadgen
