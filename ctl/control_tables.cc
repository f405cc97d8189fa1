// SPDX-License-Identifier: MIT
#include "ctl/control_tables.h"

#include <algorithm>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/base/text.h"
#include "common/control/control_protocol.h"
#include "common/json/json_text.h"

namespace sqlicorn {
namespace {

using json = nlohmann::ordered_json;
using Row = std::vector<std::string>;

constexpr std::size_t kGap = 2;

bool IsTable(const json& value) {
  return value.is_array() && !value.empty() &&
         std::all_of(value.begin(), value.end(), [](const json& row) { return row.is_object(); });
}

// One cell. A list of plain values is joined by commas.
std::string CellText(const json& value) {
  if (value.is_null()) {
    return "-";
  }
  if (value.is_string()) {
    std::string text;
    ForEachLine(value.get<std::string>(), [&text](std::string_view line) {
      text += fmt::format("{}{}", text.empty() ? "" : "; ", line);
    });
    return text.empty() ? "\"\"" : text;
  }
  if (!value.is_array()) {
    return DumpControlData(value);
  }
  std::string text;
  for (const json& element : value) {
    text += (text.empty() ? "" : ",") + CellText(element);
  }
  return text.empty() ? "-" : text;
}

// Columns as wide as their widest cell; the last one is not padded.
std::string Align(const std::vector<Row>& rows) {
  std::vector<std::size_t> widths;
  for (const Row& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], row[i].size());
    }
  }
  std::string text;
  for (const Row& row : rows) {
    for (std::size_t i = 0; i + 1 < row.size(); ++i) {
      text += fmt::format("{:<{}}", row[i], widths[i] + kGap);
    }
    text += row.empty() ? "\n" : row.back() + "\n";
  }
  return text;
}

std::string RenderTable(const json& table) {
  Row head;
  for (const auto& [name, value] : table.front().items()) {
    head.push_back(name);
  }
  std::vector<Row> rows = {head};
  for (const json& object : table) {
    Row row;
    for (const std::string& name : head) {
      row.push_back(object.contains(name) ? CellText(object[name]) : "-");
    }
    rows.push_back(std::move(row));
  }
  return Align(rows);
}

struct Parts {
  std::vector<Row> lines;
  std::vector<std::string> tables;
};

void Collect(const json& object, const std::string& prefix, Parts& parts) {
  for (const auto& [name, value] : object.items()) {
    if (value.is_object()) {
      Collect(value, prefix + name + ".", parts);
    } else if (IsTable(value)) {
      parts.tables.push_back(RenderTable(value));
    } else {
      parts.lines.push_back({prefix + name, CellText(value)});
    }
  }
}

}  // namespace

std::string RenderForPeople(std::string_view text) {
  const json data = OrderedJsonOf(text);
  if (!data.is_object()) {
    return CellText(data) + "\n";
  }
  const bool wrapped = data.size() == 1 && data.front().is_object();
  Parts parts;
  Collect(wrapped ? data.front() : data, "", parts);
  std::string page = Align(parts.lines);
  for (const std::string& table : parts.tables) {
    page += (page.empty() ? "" : "\n") + table;
  }
  return page;
}

std::string ErrorAsJson(const Error& error) {
  return DumpControlData({{"error", error.message}});
}

}  // namespace sqlicorn
