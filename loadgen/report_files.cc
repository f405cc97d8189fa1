// SPDX-License-Identifier: MIT
#include "loadgen/report_files.h"

#include <algorithm>
#include <cstdio>
#include <utility>

#include <fmt/format.h>

#include "common/base/file.h"
#include "loadgen/compare/comparison_builder.h"
#include "loadgen/page/comparison_page.h"
#include "loadgen/report/comparison_report.h"
#include "loadgen/results/result_file.h"
#include "loadgen/results/run_result.h"

namespace sqlicorn::loadgen {
namespace {

// PREFIX_comparison.csv; a prefix that ends in ".csv" is the whole name.
std::string CsvPath(const std::string& prefix) {
  return prefix.empty() || prefix.ends_with(".csv") ? prefix : prefix + "_comparison.csv";
}

Ending Complain(const Error& error, Console* console) {
  console->Print(fmt::format("sqlicorn-loadgen: {}\n", error.message));
  return Ending::kNotWritten;
}

// `path` may be "".
Ending Write(const std::string& path, const std::function<std::string()>& content,
             Console* console) {
  const Status written = path.empty() ? Status() : WriteFile(path, content());
  return written ? Ending::kGood : Complain(written.error(), console);
}

}  // namespace

Status CheckReportFiles(const ReportFlags& flags) {
  for (const std::string& path : {CsvPath(flags.csv_prefix), flags.json_file, flags.markdown_file,
                                  flags.html_file, flags.save_file}) {
    if (Status writable = CheckWritable(path); !writable) {
      return writable;
    }
  }
  return {};
}

Ending WriteReportFiles(const ReportFlags& flags, const Comparison& comparison, Console* console) {
  using Writer = std::function<std::string(const Comparison&)>;
  const std::pair<std::string, Writer> files[] = {
      {flags.markdown_file, ComparisonMarkdown},
      {CsvPath(flags.csv_prefix), ComparisonCsv},
      {flags.json_file, [](const Comparison& all) { return ComparisonJson(all); }},
      {flags.html_file, ComparisonPage},
  };
  Ending ending = Ending::kGood;
  for (const auto& [path, writer] : files) {
    ending = std::max(ending, Write(
                                  path, [&] { return writer(comparison); }, console));
  }
  return ending;
}

Ending WriteResults(const ReportFlags& flags, const std::function<std::string()>& results,
                    Console* console) {
  return Write(flags.save_file, results, console);
}

Ending WriteRunReports(const ReportFlags& flags, const RunResult& result, Console* console) {
  const ResultHead head = HeadOf(result);
  const MeasuredRun run = AsMeasured(result);
  ComparisonPlan plan;
  plan.configurations = head.configurations;
  ComparisonBuilder builder(plan, head.provenance);
  builder.Add(run);
  const auto results = [&] {
    ResultWriter writer;
    writer.Add(run);
    return writer.Text(head);
  };
  return std::max(WriteResults(flags, results, console),
                  WriteReportFiles(flags, builder.Build(), console));
}

Ending WriteOut(std::string_view text, Console* console) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0) {
    return Complain(Error{"cannot write to standard output"}, console);
  }
  return Ending::kGood;
}

}  // namespace sqlicorn::loadgen
