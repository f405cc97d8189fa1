// SPDX-License-Identifier: MIT
#include "tests/integration/register_history.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

namespace sqlicorn {
namespace {

constexpr std::int64_t kAlways = std::numeric_limits<std::int64_t>::min();

// All operations on one value: when the first of them had ended, and when the last began. Between
// these two, if in this order, the register must have held it without a break.
struct Zone {
  std::int64_t value = 0;
  std::int64_t written_from = RegisterOp::kNever;  // the beginning of its write
  std::int64_t first_end = RegisterOp::kNever;
  std::int64_t last_begin = kAlways;

  [[nodiscard]] bool holds() const { return first_end < last_begin; }
};

std::string Contradiction(const Zone& a, const Zone& b) {
  return fmt::format("{} is there from {} to {}, and {} from {} to {}", a.value, a.first_end,
                     a.last_begin, b.value, std::min(b.first_end, b.last_begin),
                     std::max(b.first_end, b.last_begin));
}

std::map<std::int64_t, Zone> ZonesOf(const std::vector<RegisterOp>& history) {
  std::map<std::int64_t, Zone> zones;
  zones[0] = {.value = 0, .written_from = kAlways, .first_end = kAlways, .last_begin = kAlways};
  for (const RegisterOp& op : history) {
    Zone& zone = zones[op.value];
    zone.value = op.value;
    zone.first_end = std::min(zone.first_end, op.ended);
    zone.last_begin = std::max(zone.last_begin, op.began);
    if (op.kind == RegisterOp::Kind::kWrite) {
      zone.written_from = op.began;
    }
  }
  return zones;
}

}  // namespace

std::string FindViolation(const std::vector<RegisterOp>& history) {
  const auto zones = ZonesOf(history);
  for (const RegisterOp& op : history) {
    if (op.ended < zones.at(op.value).written_from) {
      return fmt::format("{} is read until {}, before it is written", op.value, op.ended);
    }
  }
  std::vector<Zone> held;
  for (const auto& [value, zone] : zones) {
    if (zone.holds()) {
      held.push_back(zone);
    }
  }
  std::sort(held.begin(), held.end(),
            [](const Zone& a, const Zone& b) { return a.first_end < b.first_end; });
  for (std::size_t i = 1; i < held.size(); ++i) {
    if (held[i].first_end < held[i - 1].last_begin) {
      return Contradiction(held[i - 1], held[i]);
    }
  }
  // What is written and read all within the time in which another value is held was never there.
  for (const auto& [value, zone] : zones) {
    const auto after = std::find_if(held.rbegin(), held.rend(), [&zone](const Zone& other) {
      return other.first_end < zone.last_begin;
    });
    if (!zone.holds() && after != held.rend() && zone.first_end < after->last_begin) {
      return Contradiction(*after, zone);
    }
  }
  return "";
}

}  // namespace sqlicorn
