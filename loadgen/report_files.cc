// SPDX-License-Identifier: MIT
#include "loadgen/report_files.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <utility>

#include <fmt/format.h>

#include "common/base/file.h"
#include "loadgen/compare/comparison_builder.h"
#include "loadgen/compare/thresholds.h"
#include "loadgen/page/comparison_page.h"
#include "loadgen/page/maxima_page.h"
#include "loadgen/report/comparison_report.h"
#include "loadgen/report/exchange_formats.h"
#include "loadgen/report/printable_text.h"
#include "loadgen/results/result_file.h"

namespace sqlicorn::loadgen {
namespace {

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

// As locust does for its tables. Where the folder cannot be made, the file cannot be written, and
// is named.
void MakeFolderOf(const std::string& path) {
  std::error_code ignored;
  if (const auto folder = std::filesystem::path(path).parent_path(); !folder.empty()) {
    std::filesystem::create_directories(folder, ignored);
  }
}

}  // namespace

Ending CheckFiles(const std::vector<NamedFile>& files, Console* console) {
  Ending ending = Ending::kGood;
  for (const NamedFile& file : files) {
    if (file.use == FileUse::kRead) {
      continue;
    }
    MakeFolderOf(file.path);
    if (const Status writable = CheckWritable(file.path); !writable) {
      ending = Complain(writable.error(), console);
    }
  }
  return ending;
}

Ending WriteReportFiles(const ReportFlags& flags, const Comparison& comparison, Console* console) {
  using Writer = std::function<std::string(const Comparison&)>;
  const std::pair<std::string, Writer> files[] = {
      {flags.markdown_file, ComparisonMarkdown},
      {ComparisonCsvPath(flags.csv_prefix), ComparisonCsv},
      {flags.json_file, [](const Comparison& all) { return ComparisonJson(all); }},
      {flags.html_file, ComparisonPage},
      {flags.junit_file, ComparisonJunit},
      {flags.prometheus_file, ComparisonPrometheus},
      {flags.hdr_log_file, ComparisonHdrLog},
  };
  Ending ending = Ending::kGood;
  for (const auto& [path, writer] : files) {
    const auto content = [&] { return writer(comparison); };
    ending = std::max(ending, Write(path, content, console));
  }
  if (!flags.hgrm_prefix.empty()) {
    for (const HgrmFile& file : ComparisonHgrm(comparison)) {
      const auto content = [&] { return file.content; };
      ending = std::max(ending, Write(flags.hgrm_prefix + file.suffix, content, console));
    }
  }
  if (flags.bars) {
    console->Print(ComparisonBars(comparison));
  }
  return ending;
}

Ending WriteMaximaFiles(const ReportFlags& flags, const Maxima& maxima, Console* console) {
  const std::pair<std::string, std::string (*)(const Maxima&)> files[] = {
      {flags.markdown_file, MaximaMarkdown},
      {ComparisonCsvPath(flags.csv_prefix), MaximaCsv},
      {flags.json_file, MaximaJson},
      {flags.html_file, MaximaPage},
  };
  Ending ending = Ending::kGood;
  for (const auto& [path, writer] : files) {
    const auto content = [&maxima, writer = writer] { return writer(maxima); };
    ending = std::max(ending, Write(path, content, console));
  }
  return ending;
}

Ending WriteResults(const ReportFlags& flags, const std::function<std::string()>& results,
                    Console* console) {
  return Write(flags.save_file, results, console);
}

Comparison AsComparison(const RunResult& result) {
  const ResultHead head = HeadOf(result);
  ComparisonPlan plan;
  plan.configurations = head.configurations;
  ComparisonBuilder builder(plan, head.provenance);
  builder.Add(AsMeasured(result));
  return builder.Build();
}

Ending WriteRunResults(const ReportFlags& flags, const RunResult& result, Console* console) {
  const auto content = [&] {
    ResultWriter writer;
    writer.Add(AsMeasured(result));
    return writer.Text(HeadOf(result));
  };
  return WriteResults(flags, content, console);
}

Ending JudgeLimits(const ReportFlags& flags, Comparison* comparison, Console* console) {
  if (flags.fail_if.empty()) {
    return Ending::kGood;
  }
  if (const Status known = CheckLimitsOf(flags.fail_if, *comparison); !known) {
    console->Print(fmt::format("sqlicorn-loadgen: {}\n", known.error().message));
    return Ending::kUsage;
  }
  comparison->thresholds = JudgeThresholds(flags.fail_if, *comparison);
  return AnyHolds(comparison->thresholds) ? Ending::kThreshold : Ending::kGood;
}

void TellLimits(const Comparison& comparison, Console* console) {
  for (const ThresholdFinding& finding : comparison.thresholds) {
    const bool failed = finding.holds || !finding.value;
    console->Print(fmt::format("{} --fail-if '{}': {}: {}\n", failed ? "FAILED" : "passed",
                               finding.limit, finding.configuration, finding.value_text));
  }
}

Ending MeasurementEnding(const Comparison& comparison) {
  if (!comparison.audit_failures.empty()) {
    return Ending::kWritesLost;
  }
  if (!comparison.invalid.empty() || !comparison.nothing_succeeded.empty()) {
    return Ending::kInvalid;
  }
  return comparison.failed.empty() ? Ending::kGood : Ending::kError;
}

Ending WriteOut(std::string_view text, Console* console) {
  return WriteDataOut(PrintableText(text), console);
}

Ending WriteDataOut(std::string_view text, Console* console) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0) {
    return Complain(Error{"cannot write to standard output"}, console);
  }
  return Ending::kGood;
}

Ending EndWith(Ending ending, Console* console) {
  return console->status() ? ending
                           : std::max(ending, Complain(console->status().error(), console));
}

}  // namespace sqlicorn::loadgen
