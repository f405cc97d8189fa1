// SPDX-License-Identifier: MIT
#include "loadgen/server/core_share.h"

#include <sched.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>

#include <fmt/format.h>

#include "common/base/numbers.h"
#include "loadgen/server/server_command.h"

namespace sqlicorn::loadgen {

CoreShare ShareCores(const Cores& allowed, const ComparisonPlan& plan, Pinning pinning) {
  const bool starts = !std::all_of(plan.configurations.begin(), plan.configurations.end(),
                                   [](const auto& each) { return IsAlreadyRunning(each); });
  if (pinning == Pinning::kNone || allowed.size() < 2 || !starts) {
    return {};
  }
  return {{allowed.back()}, {allowed.begin(), allowed.end() - 1}};
}

Cores AllowedCores() {
  cpu_set_t set;
  CPU_ZERO(&set);
  Cores cores;
  if (sched_getaffinity(0, sizeof(set), &set) != 0) {
    return cores;
  }
  for (int core = 0; core < CPU_SETSIZE; ++core) {
    if (CPU_ISSET(core, &set)) {
      cores.push_back(core);
    }
  }
  return cores;
}

Status RunOn(const Cores& cores) {
  cpu_set_t set;
  CPU_ZERO(&set);
  for (const int core : cores) {
    CPU_SET(core, &set);
  }
  if (sched_setaffinity(0, sizeof(set), &set) != 0) {
    return SystemError(fmt::format("cannot run on core {} alone", CoresText(cores)), errno);
  }
  return {};
}

std::string CoresText(const Cores& cores) {
  std::string text;
  for (std::size_t i = 0; i < cores.size();) {
    std::size_t last = i;
    while (last + 1 < cores.size() && cores[last + 1] == cores[last] + 1) {
      ++last;
    }
    text += text.empty() ? "" : ",";
    text += last == i ? fmt::to_string(cores[i]) : fmt::format("{}-{}", cores[i], cores[last]);
    i = last + 1;
  }
  return text;
}

std::optional<Cores> ParseCores(std::string_view text) {
  Cores cores;
  while (!text.empty()) {
    const std::string_view part = text.substr(0, text.find(','));
    text.remove_prefix(std::min(part.size() + 1, text.size()));
    const std::size_t dash = part.find('-');
    const auto first = ParseWhole<int>(part.substr(0, dash));
    const auto last =
        dash == std::string_view::npos ? first : ParseWhole<int>(part.substr(dash + 1));
    if (!first || !last || *first < 0 || *last >= CPU_SETSIZE) {
      return std::nullopt;
    }
    for (int core = *first; core <= *last; ++core) {
      cores.push_back(core);
    }
  }
  return cores;
}

}  // namespace sqlicorn::loadgen
