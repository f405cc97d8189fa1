// SPDX-License-Identifier: MIT
#include "loadgen/page/html_text.h"

#include <fmt/format.h>

#include "loadgen/report/markup_text.h"

namespace sqlicorn::loadgen {
namespace {

// The line of groups above the names; "" where no column has one.
std::string GroupRow(const ReportTable& table) {
  std::string row;
  bool any = false;
  for (std::size_t i = 0; i < table.columns.size();) {
    std::size_t end = i + 1;
    while (end < table.columns.size() && table.columns[end].group == table.columns[i].group) {
      ++end;
    }
    const std::string& group = table.columns[i].group;
    any = any || !group.empty();
    row += group.empty() ? fmt::format("<td colspan=\"{}\"></td>", end - i)
                         : fmt::format("<th scope=\"colgroup\" colspan=\"{}\">{}</th>", end - i,
                                       MarkupText(group));
    i = end;
  }
  return any ? "<tr>" + row + "</tr>\n" : "";
}

const char* ClassOf(Align align) {
  return align == Align::kLeft ? "" : " class=\"n\"";
}

// A sentence keeps a width of its own, or it stands one word on a line beside empty cells.
const char* ClassOf(Align align, const std::string& cell) {
  constexpr std::size_t kSentence = 30;
  return align == Align::kLeft && cell.size() > kSentence ? " class=\"t\"" : ClassOf(align);
}

std::string HeadRow(const ReportTable& table) {
  std::string row;
  for (const ReportTable::Column& column : table.columns) {
    row +=
        fmt::format("<th scope=\"col\"{}>{}</th>", ClassOf(column.align), MarkupText(column.name));
  }
  return "<tr>" + row + "</tr>\n";
}

std::string Row(const ReportTable& table, const std::vector<std::string>& cells) {
  std::string row;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    row += i == 0 ? fmt::format("<th scope=\"row\"{}>{}</th>", ClassOf(table.columns[i].align),
                                MarkupText(cells[i]))
                  : fmt::format("<td{}>{}</td>", ClassOf(table.columns[i].align, cells[i]),
                                MarkupText(cells[i]));
  }
  return "<tr>" + row + "</tr>\n";
}

}  // namespace

std::string ScriptJson(std::string_view json) {
  std::string escaped;
  for (const char c : json) {
    if (c == '<') {
      escaped += "\\u003c";
    } else {
      escaped += c;
    }
  }
  return escaped;
}

std::string HtmlOf(const ReportTable& table) {
  std::string html = "<div class=\"wide\" tabindex=\"0\"><table>\n";
  if (!table.title.empty()) {
    html += "<caption>" + MarkupText(table.title) + "</caption>\n";
  }
  html += "<thead>\n" + GroupRow(table) + HeadRow(table) + "</thead>\n<tbody>\n";
  for (const auto& row : table.rows) {
    html += Row(table, row);
  }
  return html + "</tbody></table></div>\n";
}

std::string HtmlList(std::string_view css_class, const std::vector<std::string>& texts) {
  std::string list;
  for (const std::string& text : texts) {
    list += "<li>" + MarkupText(text) + "</li>\n";
  }
  return list.empty() ? "" : fmt::format("<ul class=\"{}\">\n{}</ul>\n", css_class, list);
}

std::string SeriesClass(std::size_t series) {
  constexpr std::size_t kColours = 7;
  constexpr std::size_t kDashes = 3;
  return fmt::format("s{} d{}", series % kColours, series / kColours % kDashes);
}

}  // namespace sqlicorn::loadgen
