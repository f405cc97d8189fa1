// SPDX-License-Identifier: MIT
#include "loadgen/report/locust_console.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <initializer_list>
#include <string_view>

#include <fmt/format.h>

namespace sqlicorn::loadgen {
namespace {

constexpr std::array<std::string_view, kLocustFractions.size()> kPercentHeads = {
    "50%", "66%", "75%", "80%", "90%", "95%", "98%", "99%", "99.9%", "99.99%", "100%"};

std::string Separator(std::initializer_list<int> widths) {
  std::string line;
  for (const int width : widths) {
    line += line.empty() ? "" : "|";
    line.append(static_cast<std::size_t>(std::max(0, width)), '-');
  }
  return line + "\n";
}

// Locust subtracts from the width without a floor, and a negative width pads as its absolute value.
int StatsNameWidth(int name_width) {
  return std::abs(name_width - 4);
}

std::string StatsSeparator(int name_width) {
  return Separator({8, name_width - 4, 7, 13, 7, 7, 7, 7, 8, 11});
}

std::int64_t Truncated(const PythonNumber& number) {
  return static_cast<std::int64_t>(AsDouble(number));
}

std::string StatsLine(const LocustRow& row, int name_width) {
  const double percent = row.requests == 0 ? 0
                                           : static_cast<double>(row.failures) /
                                                 static_cast<double>(row.requests) * 100;
  const std::string failures = fmt::format("{}({:.2f}%)", row.failures, percent);
  return fmt::format("{:<8} {:<{}} {:>7} {:>12} |{:>7} {:>7} {:>7}{:>7} | {:>7.2f} {:>11.2f}\n",
                     row.method.empty() ? "" : row.method + " ", row.name,
                     StatsNameWidth(name_width), row.requests, failures,
                     static_cast<std::int64_t>(row.average), Truncated(row.min), Truncated(row.max),
                     Truncated(row.median), row.requests_per_s, row.failures_per_s);
}

std::string PercentilesSeparator(int name_width) {
  return Separator({8, name_width, 8, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6});
}

std::string PercentilesLine(const LocustRow& row, int name_width) {
  std::string line =
      fmt::format("{:<8} {:<{}} {:>8}", row.method, row.name, name_width, row.percentiles.front());
  for (std::size_t i = 1; i < row.percentiles.size(); ++i) {
    line += fmt::format(" {:>6}", row.percentiles[i]);
  }
  return line + fmt::format(" {:>6}\n", row.requests);
}

}  // namespace

int NameWidthFor(int columns) {
  return std::clamp(columns - 80, 0, 80);
}

std::string StatsTable(const LocustTable& table, int name_width) {
  std::string text =
      fmt::format("{:<8} {:<{}} {:>7} {:>12} |{:>7} {:>7} {:>7}{:>7} | {:>7} {:>11}\n", "Type",
                  "Name", StatsNameWidth(name_width), "# reqs", "# fails", "Avg", "Min", "Max",
                  "Med", "req/s", "failures/s");
  text += StatsSeparator(name_width);
  for (const LocustRow& row : table.rows) {
    text += StatsLine(row, name_width);
  }
  text += StatsSeparator(name_width);
  return text + StatsLine(table.aggregated, name_width) + "\n";
}

std::string PercentilesTable(const LocustTable& table, int name_width) {
  std::string text = "Response time percentiles (approximated)\n";
  text += fmt::format("{:<8} {:<{}} {:>8}", "Type", "Name", name_width, kPercentHeads.front());
  for (std::size_t i = 1; i < kPercentHeads.size(); ++i) {
    text += fmt::format(" {:>6}", kPercentHeads[i]);
  }
  text += fmt::format(" {:>6}\n", "# reqs") + PercentilesSeparator(name_width);
  for (const LocustRow& row : table.rows) {
    text += PercentilesLine(row, name_width);
  }
  text += PercentilesSeparator(name_width);
  if (table.aggregated.requests > 0) {
    text += PercentilesLine(table.aggregated, name_width);
  }
  return text + "\n";
}

std::string ErrorReport(const LocustTable& table, int name_width) {
  if (table.errors.empty()) {
    return "";
  }
  const std::string separator = Separator({18, 80 + name_width - 19});
  std::string text = "Error report\n";
  text += fmt::format("{:<18} {:<100}\n", "# occurrences", "Error") + separator;
  for (const LocustError& error : table.errors) {
    text += fmt::format("{:<18} {:<100}\n", error.occurrences,
                        fmt::format("{} {}: {}", error.method, error.name, error.error));
  }
  return text + separator + "\n";
}

}  // namespace sqlicorn::loadgen
