// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "loadgen/compare/comparison.h"
#include "loadgen/report/maxima_table.h"
#include "loadgen/report/report_table.h"

// The reports of `compare --find-max`, in the forms that the other comparison has.
namespace sqlicorn::loadgen {

struct Maxima {
  Objective objective;
  double try_seconds = 0;         // of a rate, the first time
  std::vector<FoundOfOne> found;  // by configuration
  // Of the runs at all rates together: what holds at any of them, such as audits and settings.
  Comparison runs;
};

// One row for each rate that was tried.
[[nodiscard]] ReportTable TriesTable(const Maxima& maxima);

// What a reader must know before the numbers, and how to read them; a sentence each.
[[nodiscard]] std::vector<std::string> WarningsOf(const Maxima& maxima);
[[nodiscard]] std::vector<std::string> NotesOf(const Maxima& maxima);

[[nodiscard]] std::string MaximaTerminal(const Maxima& maxima);
[[nodiscard]] std::string MaximaMarkdown(const Maxima& maxima);

// A line for each configuration (its `try` is empty) and for each of its tries.
[[nodiscard]] std::string MaximaCsv(const Maxima& maxima);

// All searches by the names of the configurations.
[[nodiscard]] std::string MaximaJson(const Maxima& maxima);

}  // namespace sqlicorn::loadgen
