// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "loadgen/compare/comparison.h"
#include "loadgen/compare/configuration_run.h"
#include "loadgen/plan/comparison_plan.h"

// The file of --save: all that was measured, so that every report can be made again and several
// measurements can be set side by side. One JSON object, a line for each run.
namespace sqlicorn::loadgen {

// Raised whenever a member comes or goes: a file of another version is named as that.
inline constexpr std::uint32_t kResultVersion = 4;

// What a file is of: `run`, or `compare`.
enum class ResultKind { kRun, kComparison };

// What is the same for all runs of a file.
struct ResultHead {
  ResultKind kind = ResultKind::kComparison;
  Provenance provenance;
  std::vector<PlanConfiguration> configurations;
};

// Collects runs as they are measured. They are kept as text, a tenth of what they take otherwise.
class ResultWriter {
 public:
  void Add(const MeasuredRun& run);
  void Add(const FailedRun& run);

  // The content of the file.
  [[nodiscard]] std::string Text(const ResultHead& head) const;

 private:
  std::string runs_;
  std::string failed_;
  std::size_t measured_ = 0;
  std::set<std::size_t> answered_;  // configurations whose answers stand in runs_
};

// One that failed, and how many had been measured before it.
struct KeptFailure {
  FailedRun run;
  std::size_t after = 0;
};

// A file that was read.
class ResultFile {
 public:
  // Errors name the place in the file and what to do: no JSON, cut short, no result file, of
  // another version, a member that is missing or cannot be.
  [[nodiscard]] static Result<ResultFile> Parse(std::string_view text);
  [[nodiscard]] static Result<ResultFile> Read(const std::string& path);

  ~ResultFile();
  ResultFile(ResultFile&&) noexcept;
  ResultFile& operator=(ResultFile&&) noexcept;

  [[nodiscard]] const ResultHead& head() const { return head_; }

  // In the order in which they were made.
  [[nodiscard]] const std::vector<KeptFailure>& failed() const { return failed_; }

  // How many measured runs there are, in the order in which they were made.
  [[nodiscard]] std::size_t size() const;

  // One of them. REQUIRES: index < size().
  [[nodiscard]] Result<MeasuredRun> RunAt(std::size_t index) const;

 private:
  struct Document;
  ResultFile(std::unique_ptr<Document> document, ResultHead head, std::vector<KeptFailure> failed);

  std::unique_ptr<Document> document_;
  ResultHead head_;
  std::vector<KeptFailure> failed_;
};

// A `run` as a comparison of one configuration in one round, for the reports that both have.
[[nodiscard]] MeasuredRun AsMeasured(const RunResult& result);
[[nodiscard]] ResultHead HeadOf(const RunResult& result);

}  // namespace sqlicorn::loadgen
