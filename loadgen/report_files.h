// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "loadgen/compare/comparison.h"
#include "loadgen/ending.h"
#include "loadgen/named_files.h"
#include "loadgen/report/console.h"
#include "loadgen/report/maxima_report.h"
#include "loadgen/report_flags.h"
#include "loadgen/results/result_file.h"
#include "loadgen/stats/run_stats.h"

// The report files of all commands.
namespace sqlicorn::loadgen {

// Whether all that are to be written could be, to be known before the time is spent: kGood, or
// kNotWritten and a complaint about each. Makes the folders of --csv.
[[nodiscard]] Ending CheckFiles(const std::vector<NamedFile>& files, Console* console);

// Writes all that can be written and names each that cannot: kGood or kNotWritten.
Ending WriteReportFiles(const ReportFlags& flags, const Comparison& comparison, Console* console);

// Those of `compare --find-max`, of which there are fewer.
Ending WriteMaximaFiles(const ReportFlags& flags, const Maxima& maxima, Console* console);

// The same for --save, and `results` is what makes its content.
Ending WriteResults(const ReportFlags& flags, const std::function<std::string()>& results,
                    Console* console);

// A run as a comparison of one configuration, and its --save.
[[nodiscard]] Comparison AsComparison(const RunResult& result);
Ending WriteRunResults(const ReportFlags& flags, const RunResult& result, Console* console);

// Judges the limits of --fail-if and keeps the findings in the comparison: kThreshold when one of
// them holds, kUsage (and a complaint) when it is on something that was not in the load.
Ending JudgeLimits(const ReportFlags& flags, Comparison* comparison, Console* console);

// A line for each finding, with what was measured.
void TellLimits(const Comparison& comparison, Console* console);

// How the measurement itself ended: kWritesLost, kInvalid (also where not one request of a
// configuration succeeded), or kError where a run failed.
[[nodiscard]] Ending MeasurementEnding(const Comparison& comparison);

// To standard output: a report for people, printable as on the console, or data as it is.
Ending WriteOut(std::string_view text, Console* console);
Ending WriteDataOut(std::string_view text, Console* console);

// The last word of a command: a console that could not say everything has left a report unwritten.
Ending EndWith(Ending ending, Console* console);

}  // namespace sqlicorn::loadgen
