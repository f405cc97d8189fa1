// SPDX-License-Identifier: MIT
#include "loadgen/report/maxima_table.h"

#include <fmt/format.h>

#include "loadgen/report/number_text.h"

namespace sqlicorn::loadgen {
namespace {

std::string RateCell(std::optional<double> rate) {
  return rate ? RateText(*rate) : "-";
}

std::string RatioCell(const FoundOfOne& one, const FoundOfOne& first) {
  if (one.end != SearchEnd::kTold || first.end != SearchEnd::kTold) {
    return "not told";
  }
  const std::optional<double> ratio = RatioOf(one, first);
  return ratio ? RatioText(*ratio) : "-";
}

std::string VerdictCell(SearchEnd end) {
  switch (end) {
    case SearchEnd::kTold:
      return "VALID";
    case SearchEnd::kUntold:
      return "INVALID";
    case SearchEnd::kFailed:
    case SearchEnd::kEarly:
      break;
  }
  return "-";
}

std::string KnownText(const FoundOfOne& one) {
  switch (one.end) {
    case SearchEnd::kFailed:
      return "a run failed";
    case SearchEnd::kUntold:
      return fmt::format("{:.1f}/s could not be told", one.found.untold.value_or(0));
    case SearchEnd::kEarly:
      return "ended early";
    case SearchEnd::kTold:
      break;
  }
  return !one.found.met ? "met at no rate" : one.found.missed ? "to 5 %" : "met at every rate";
}

}  // namespace

std::string EndText(SearchEnd end) {
  switch (end) {
    case SearchEnd::kUntold:
      return "not told";
    case SearchEnd::kFailed:
      return "a run failed";
    case SearchEnd::kEarly:
      return "ended early";
    case SearchEnd::kTold:
      break;
  }
  return "told";
}

std::optional<double> RatioOf(const FoundOfOne& one, const FoundOfOne& first) {
  const bool told = one.end == SearchEnd::kTold && first.end == SearchEnd::kTold;
  return told && one.found.met && first.found.met
             ? std::make_optional(*one.found.met / *first.found.met)
             : std::nullopt;
}

std::vector<std::string> UntoldTexts(const std::vector<FoundOfOne>& all) {
  std::vector<std::string> texts;
  for (const FoundOfOne& one : all) {
    if (one.end == SearchEnd::kUntold) {
      const bool reason = !one.found.steps.empty() && !one.found.steps.back().against.empty();
      texts.push_back(
          fmt::format("{}: {}{}", one.found.host, KnownText(one),
                      reason ? ": " + one.found.steps.back().against.back() : std::string()));
    }
  }
  return texts;
}

ReportTable MaximaTable(const Objective& objective, const std::vector<FoundOfOne>& all) {
  ReportTable table;
  table.title = fmt::format("The greatest rate at which {}", objective.text);
  table.columns = {{"", "configuration", Align::kLeft},   {"a second", "met", Align::kRight},
                   {"a second", "missed", Align::kRight}, {"", "ratio", Align::kRight},
                   {"", "verdict", Align::kLeft},         {"", "what is known", Align::kLeft}};
  for (const FoundOfOne& one : all) {
    table.rows.push_back({one.found.host, RateCell(one.found.met), RateCell(one.found.missed),
                          RatioCell(one, all.front()), VerdictCell(one.end), KnownText(one)});
  }
  return table;
}

}  // namespace sqlicorn::loadgen
