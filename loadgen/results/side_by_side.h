// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "common/base/result.h"
#include "loadgen/compare/comparison.h"
#include "loadgen/results/result_file.h"

namespace sqlicorn::loadgen {

struct NamedResults {
  std::string path;
  ResultFile file;
};

// The comparison that a file is of, or, of several files, all their configurations in one: those of
// the first file first. A configuration keeps its name where it has it alone, else the file's is
// put behind it; the one configuration of a `run` bears the file's name. Warns of what differs
// between the files beside the configurations.
[[nodiscard]] Result<Comparison> SideBySide(const std::vector<NamedResults>& results);

// Of each file, what stands for it in names: "a" of "runs/a.json", as much of the path as it takes
// to tell them apart.
[[nodiscard]] std::vector<std::string> LabelsOf(const std::vector<std::string>& paths);

// What differs between the conditions of two measurements, as "users 100 and 200".
[[nodiscard]] std::vector<std::string> Differences(const Provenance& one, const Provenance& other);

}  // namespace sqlicorn::loadgen
