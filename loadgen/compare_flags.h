// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/base/clock.h"

namespace CLI {  // NOLINT(readability-identifier-naming): not ours
class App;
}

namespace sqlicorn::loadgen {

// What the flags of `compare` say; what they leave open, the plan decides.
struct CompareFlags {
  std::string plan;
  std::optional<std::uint32_t> users;
  std::optional<Duration> duration;
  std::optional<Duration> warmup;
  std::optional<std::uint32_t> rounds;
  std::optional<std::uint64_t> seed;
  std::string server;             // program; "" = the one beside this program
  std::string directory;          // "" = $TMPDIR, or /tmp
  std::vector<std::string> only;  // names of configurations; none = all
  std::string markdown_file;      // "" = none
  std::string csv_prefix;         // "" = none
  std::string json_file;          // "" = none
};

// Declares the flags on `app`. Values it refuses make the parse fail.
void AddCompareFlags(CLI::App& app, CompareFlags* flags);

// PREFIX_comparison.csv; a prefix that ends in ".csv" is the whole name.
[[nodiscard]] std::string CsvPath(const std::string& prefix);

}  // namespace sqlicorn::loadgen
