// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "loadgen/page/axis.h"

namespace sqlicorn::loadgen {

// A chart with a row for each configuration: its name, a drawing along one axis, a text. It grows
// with the page without its texts growing, because all lengths along the axis are percentages.
struct RowChart {
  // A number in a row, each drawn in its own way.
  struct Row {
    std::string name;
    std::string say;             // at the end of the row
    std::string title;           // of the drawing, for screen readers and as a tip
    std::optional<double> bar;   // from the beginning of the axis
    double bad_bar = 0;          // after it
    std::optional<double> low;   // a line from here
    std::optional<double> high;  // to there
    bool unsure = false;         // the line is dashed
    std::optional<double> dot;   // the estimate
    std::vector<double> rounds;  // one small circle each
  };

  std::string caption;
  Axis axis;
  std::optional<double> line;      // across all rows
  std::optional<double> band_low;  // a band across all rows
  std::optional<double> band_high;
  std::vector<Row> rows;
};

[[nodiscard]] std::string HtmlOf(const RowChart& chart);

}  // namespace sqlicorn::loadgen
