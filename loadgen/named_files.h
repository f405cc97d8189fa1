// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "common/base/result.h"
#include "loadgen/report_flags.h"

// Which files a command line names, so that no report overwrites another one or what it is made
// from.
namespace sqlicorn::loadgen {

enum class FileUse { kRead, kWritten };

struct NamedFile {
  std::string flag;  // "--save"; of what has no flag its name in --help: "PLAN"
  std::string path;  // "" = not given
  FileUse use = FileUse::kWritten;
};

// Those of the flags that all commands have.
[[nodiscard]] std::vector<NamedFile> FilesOf(const ReportFlags& flags);

// PREFIX_comparison.csv; a prefix that ends in ".csv" is the whole name, and "" is none.
[[nodiscard]] std::string ComparisonCsvPath(const std::string& prefix);

// Those of locust's --csv. None where `prefix` is "".
[[nodiscard]] std::vector<NamedFile> LocustCsvFiles(const std::string& prefix);

// Refuses two flags that name one file, by whatever path or link, when it is written by one of
// them. What lies below /dev or /proc and what is no regular file keeps what both write.
[[nodiscard]] Status CheckDistinct(const std::vector<NamedFile>& files);

// Refuses a file that is to be read and is named twice.
[[nodiscard]] Status CheckNamedOnce(const std::vector<std::string>& paths);

}  // namespace sqlicorn::loadgen
