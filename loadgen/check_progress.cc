// SPDX-License-Identifier: MIT
#include "loadgen/check_progress.h"

#include <algorithm>

#include <fmt/format.h>

#include "loadgen/report/number_text.h"

namespace sqlicorn::loadgen {
namespace {

constexpr Duration kQuiet = std::chrono::seconds(1);
constexpr Duration kLivePeriod = std::chrono::milliseconds(100);
constexpr Duration kLinePeriod = std::chrono::seconds(2);

}  // namespace

void CheckProgress::Tell(std::size_t checked, std::size_t all, TimePoint now) {
  if (checked == all) {
    console_.ShowLive("");
    return;
  }
  const Duration period = Console::IsTerminal() ? kLivePeriod : kLinePeriod;
  if (now - began_ < kQuiet || now - told_ < period) {
    return;
  }
  told_ = now;
  const std::string line =
      fmt::format("checked {} of {} configurations\n", CountText(checked), CountText(all));
  if (Console::IsTerminal()) {
    console_.ShowLive(line);
  } else {
    console_.Print(line);
  }
}

}  // namespace sqlicorn::loadgen
