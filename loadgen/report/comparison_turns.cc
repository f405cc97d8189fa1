// SPDX-License-Identifier: MIT
#include <algorithm>
#include <optional>
#include <string>

#include <fmt/format.h>

#include "loadgen/report/comparison_tables.h"
#include "loadgen/report/number_text.h"

namespace sqlicorn::loadgen {
namespace {

using Cells = std::vector<std::string>;
using Middle = std::optional<TurnNumbers::Middle>;

bool Told(const ConfigurationNumbers& configuration) {
  return configuration.measured.turns.batch || configuration.measured.turns.wait_ms;
}

void AppendSizes(const Middle& sizes, Cells* cells) {
  cells->push_back(sizes ? fmt::format("{:g}", sizes->p50) : "-");
  cells->push_back(sizes ? fmt::format("{:g}", sizes->p99) : "-");
}

void AppendTimes(const Middle& ms, Cells* cells) {
  cells->push_back(ms ? MsText(ms->p50) : "-");
  cells->push_back(ms ? MsText(ms->p99) : "-");
}

}  // namespace

ReportTable TurnsTable(const Comparison& comparison) {
  ReportTable table;
  table.title = "Write turns, as the servers counted them";
  table.columns = {{"", "configuration", Align::kLeft}, {"", "turns", Align::kRight}};
  for (const char* group : {"batch", "wait, ms", "hold, ms"}) {
    table.columns.push_back({group, "p50", Align::kRight});
    table.columns.push_back({group, "p99", Align::kRight});
  }
  const auto& configurations = comparison.configurations;
  if (std::none_of(configurations.begin(), configurations.end(), Told)) {
    return table;
  }
  for (const ConfigurationNumbers& configuration : configurations) {
    const TurnNumbers& turns = configuration.measured.turns;
    Cells cells = {configuration.name, turns.turns == 0 ? "-" : CountText(turns.turns)};
    AppendSizes(turns.batch, &cells);
    AppendTimes(turns.wait_ms, &cells);
    AppendTimes(turns.hold_ms, &cells);
    table.rows.push_back(std::move(cells));
  }
  return table;
}

}  // namespace sqlicorn::loadgen
