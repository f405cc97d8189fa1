// SPDX-License-Identifier: MIT
#include "loadgen/named_files.h"

#include <filesystem>
#include <system_error>

#include <fmt/format.h>

namespace sqlicorn::loadgen {
namespace {

namespace fs = std::filesystem;

// Where a file at this path is, or would be made: a link that points to nothing is followed too.
fs::path PlaceOf(const std::string& name) {
  constexpr int kMostLinks = 40;  // as the kernel
  std::error_code error;
  fs::path path = fs::absolute(name, error);
  for (int i = 0; i < kMostLinks && fs::is_symlink(fs::symlink_status(path, error)); ++i) {
    path = path.parent_path() / fs::read_symlink(path, error);
  }
  const fs::path place = fs::weakly_canonical(path, error);
  return error ? path.lexically_normal() : place;
}

bool KeepsWhatManyWrite(const std::string& name) {
  const std::string path = fs::path(name).lexically_normal().string();
  std::error_code error;
  const fs::file_status status = fs::status(name, error);
  return path.starts_with("/dev/") || path.starts_with("/proc/") ||
         (fs::exists(status) && !fs::is_regular_file(status));
}

bool SameFile(const std::string& one, const std::string& other) {
  std::error_code error;
  return PlaceOf(one) == PlaceOf(other) || fs::equivalent(one, other, error);
}

// Two names of one flag are told apart by the flag itself.
bool Clash(const NamedFile& one, const NamedFile& other) {
  const bool written = one.use == FileUse::kWritten || other.use == FileUse::kWritten;
  return written && one.flag != other.flag && !one.path.empty() && !other.path.empty() &&
         !KeepsWhatManyWrite(one.path) && SameFile(one.path, other.path);
}

}  // namespace

std::string ComparisonCsvPath(const std::string& prefix) {
  return prefix.empty() || prefix.ends_with(".csv") ? prefix : prefix + "_comparison.csv";
}

std::vector<NamedFile> FilesOf(const ReportFlags& flags) {
  return {{"--csv", ComparisonCsvPath(flags.csv_prefix)},
          {"--json-file", flags.json_file},
          {"--markdown-file", flags.markdown_file},
          {"--html-file", flags.html_file},
          {"--junit-file", flags.junit_file},
          {"--prometheus-file", flags.prometheus_file},
          {"--hdr-log", flags.hdr_log_file},
          {"--hgrm", flags.hgrm_prefix.empty() ? "" : flags.hgrm_prefix + ".hgrm"},
          {"--save", flags.save_file}};
}

std::vector<NamedFile> LocustCsvFiles(const std::string& prefix) {
  std::vector<NamedFile> files;
  if (!prefix.empty()) {
    for (const char* suffix : {"stats", "stats_history", "failures", "exceptions"}) {
      files.push_back({"--csv", fmt::format("{}_{}.csv", prefix, suffix)});
    }
  }
  return files;
}

Status CheckDistinct(const std::vector<NamedFile>& files) {
  for (std::size_t i = 0; i < files.size(); ++i) {
    for (std::size_t j = i + 1; j < files.size(); ++j) {
      if (Clash(files[i], files[j])) {
        return Error{
            fmt::format("{} and {} name the same file, '{}': one would overwrite the other",
                        files[i].flag, files[j].flag, files[i].path)};
      }
    }
  }
  return {};
}

Status CheckNamedOnce(const std::vector<std::string>& paths) {
  for (std::size_t i = 0; i < paths.size(); ++i) {
    for (std::size_t j = i + 1; j < paths.size(); ++j) {
      if (SameFile(paths[i], paths[j])) {
        return Error{fmt::format("'{}' and '{}' are one file: there is nothing to compare",
                                 paths[i], paths[j])};
      }
    }
  }
  return {};
}

}  // namespace sqlicorn::loadgen
