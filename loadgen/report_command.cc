// SPDX-License-Identifier: MIT
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "common/base/file.h"
#include "loadgen/commands.h"
#include "loadgen/ending.h"
#include "loadgen/named_files.h"
#include "loadgen/report/comparison_report.h"
#include "loadgen/report/console.h"
#include "loadgen/report/csv_files.h"
#include "loadgen/report/locust_console.h"
#include "loadgen/report/run_json.h"
#include "loadgen/report/run_notes.h"
#include "loadgen/report_files.h"
#include "loadgen/results/result_file.h"
#include "loadgen/results/side_by_side.h"

namespace sqlicorn::loadgen {
namespace {

Ending Complain(const Error& error, Ending ending, Console* console) {
  console->Print(fmt::format("sqlicorn-loadgen: {}\n", error.message));
  return ending;
}

// The report to standard output, or the JSON, when it is wanted there.
Ending PrintReport(const ReportCommandFlags& flags, const std::string& text,
                   const std::string& json, Console* console) {
  if (!flags.json_to_stdout) {
    return WriteOut(text, console);
  }
  console->Print(text);
  return WriteDataOut(json, console);
}

// The tables that `run` printed, byte for byte, and its files.
Ending ReportRun(const ReportCommandFlags& flags, const RunResult& result, Console* console) {
  constexpr int kNameWidth = 80;
  const LocustTable table = MakeLocustTable(result.stats, LocustRates::kTotal);
  const std::string text = StatsTable(table, kNameWidth) + PercentilesTable(table, kNameWidth) +
                           ErrorReport(table, kNameWidth) + RunNotes(result);
  const std::string json = RunJson(result);
  Ending ending = PrintReport(flags, text, json, console);
  ReportFlags files = flags.report;
  const std::string json_file = std::exchange(files.json_file, "");
  const std::string csv_prefix = std::exchange(files.csv_prefix, "");
  std::vector<Status> written;
  if (!json_file.empty()) {
    written.push_back(WriteFile(json_file, json));
  }
  if (!csv_prefix.empty()) {
    written.push_back(CsvFiles(csv_prefix, HistoryScope::kAggregated).WriteTables(result.stats));
  }
  for (const Status& status : written) {
    if (!status) {
      ending = std::max(ending, Complain(status.error(), Ending::kNotWritten, console));
    }
  }
  Comparison comparison = AsComparison(result);
  ending = std::max(ending, JudgeLimits(files, &comparison, console));
  TellLimits(comparison, console);
  return std::max(
      {ending, MeasurementEnding(comparison), WriteReportFiles(files, comparison, console)});
}

Ending ReportComparison(const ReportCommandFlags& flags, const std::vector<NamedResults>& results,
                        Console* console) {
  Result<Comparison> comparison = SideBySide(results);
  if (!comparison) {
    return Complain(comparison.error(), Ending::kUsage, console);
  }
  const Ending judged = JudgeLimits(flags.report, &*comparison, console);
  const Ending printed =
      PrintReport(flags, ComparisonTerminal(*comparison), ComparisonJson(*comparison), console);
  TellLimits(*comparison, console);
  return std::max({printed, judged, MeasurementEnding(*comparison),
                   WriteReportFiles(flags.report, *comparison, console)});
}

// By the kind of what is read the prefix of --csv stands for one or the other.
std::vector<NamedFile> NamedFilesOf(const ReportCommandFlags& flags) {
  std::vector<NamedFile> files = FilesOf(flags.report);
  const std::vector<NamedFile> tables = LocustCsvFiles(flags.report.csv_prefix);
  files.insert(files.end(), tables.begin(), tables.end());
  for (const std::string& path : flags.files) {
    files.push_back({"FILE", path, FileUse::kRead});
  }
  return files;
}

Ending Report(const ReportCommandFlags& flags, Console* console) {
  for (const Status& named : {CheckNamedOnce(flags.files), CheckDistinct(NamedFilesOf(flags))}) {
    if (!named) {
      return Complain(named.error(), Ending::kUsage, console);
    }
  }
  if (CheckFiles(FilesOf(flags.report), console) != Ending::kGood) {
    return Ending::kNotWritten;
  }
  std::vector<NamedResults> results;
  Ending ending = Ending::kGood;
  for (const std::string& path : flags.files) {
    Result<ResultFile> file = ResultFile::Read(path);
    if (file) {
      results.push_back({path, *std::move(file)});
    } else {
      ending = Complain(file.error(), Ending::kUsage, console);
    }
  }
  if (ending != Ending::kGood) {
    return ending;
  }
  const ResultFile& first = results.front().file;
  if (results.size() > 1 || first.head().kind == ResultKind::kComparison) {
    return ReportComparison(flags, results, console);
  }
  const Result<MeasuredRun> run = first.RunAt(0);
  return run ? ReportRun(flags, run->result, console)
             : Complain(run.error().In(results.front().path), Ending::kUsage, console);
}

}  // namespace

int ReportCommand(const ReportCommandFlags& flags) {
  Console console;
  return ExitCodeOf(EndWith(Report(flags, &console), &console));
}

}  // namespace sqlicorn::loadgen
