// SPDX-License-Identifier: MIT
#include "loadgen/report/tune_text.h"

#include <algorithm>
#include <map>
#include <string_view>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "loadgen/compare/comparison_warnings.h"
#include "loadgen/report/number_text.h"
#include "loadgen/report/report_table.h"

namespace sqlicorn::loadgen {
namespace {

constexpr std::size_t kP99 = 7;  // in kReportPercents

// "group wal full workers=4": the values, and the last part of the key where they are numbers.
std::string ShortText(const ConfigurationNumbers& configuration) {
  if (configuration.own.empty()) {
    return "unchanged";
  }
  std::vector<std::string> texts;
  for (const PlanSetting& setting : configuration.own) {
    const std::string_view text = setting.text;
    const std::size_t dot = setting.key.rfind('.');
    if (text.size() > 1 && text.front() == '"') {
      texts.emplace_back(text.substr(1, text.size() - 2));
    } else {
      texts.push_back(fmt::format("{}={}", setting.key.substr(dot + 1), text));
    }
  }
  return fmt::format("{}", fmt::join(texts, " "));
}

bool IsThin(const Numbers& writes) {
  return writes.requests > 0 && !writes.latency.carried[kP99];
}

std::string WritesP99(const Numbers& writes) {
  return writes.requests == 0
             ? "-"
             : MsText(writes.latency.percentiles_ms[kP99]) + (IsThin(writes) ? "*" : "");
}

std::string ThinNote(const TuneOutcome& outcome) {
  const bool any =
      std::any_of(outcome.finalists.begin(), outcome.finalists.end(),
                  [](const ConfigurationNumbers& one) { return IsThin(one.measured.writes); });
  return any ? "*: fewer writes than the 1,000 that this percentile takes.\n" : "";
}

ReportTable Finalists(const TuneOutcome& outcome) {
  ReportTable table;
  table.title = "The last rounds, against the recommended one";
  table.columns = {{"", "configuration", Align::kLeft},  {"", "ok/s", Align::kRight},
                   {"ok/s", "ratio", Align::kRight},     {"ok/s", "from", Align::kRight},
                   {"ok/s", "to", Align::kRight},        {"ok/s", "verdict", Align::kLeft},
                   {"writes, ms", "p99", Align::kRight}, {"", "durable", Align::kLeft},
                   {"", "what it is", Align::kLeft}};
  for (std::size_t i = 0; i < outcome.finalists.size(); ++i) {
    const ConfigurationNumbers& one = outcome.finalists[i];
    const bool compared = one.ok_rate.rounds > 0;
    const bool proves = compared && one.ok_rate.finding != Finding::kTooFewRounds;
    std::string what = ShortText(one);
    if (!outcome.unmet[i].empty()) {
      what += "; " + outcome.unmet[i];
    }
    table.rows.push_back({one.name, RateText(one.measured.all.ok_rps),
                          compared ? fmt::format("{:.3f}", one.ok_rate.ratio) : "-",
                          proves ? fmt::format("{:.3f}", one.ok_rate.low) : "-",
                          proves ? fmt::format("{:.3f}", one.ok_rate.high) : "-",
                          std::string(FindingText(one.ok_rate.finding)),
                          WritesP99(one.measured.writes), one.durability.durable ? "yes" : "no",
                          what});
  }
  return table;
}

// A ratio above 1 for the recommended one. REQUIRES: the other was compared to it.
std::string Gain(const ConfigurationNumbers& before) {
  const Contrast& contrast = before.ok_rate;
  switch (contrast.finding) {
    case Finding::kMore:
    case Finding::kLess:
      return fmt::format("It serves {:.2f} times as many requests as {} ({:.2f} to {:.2f}).",
                         1 / contrast.ratio, before.name, 1 / contrast.high, 1 / contrast.low);
    case Finding::kAlike:
      return fmt::format("It could not be told apart from {} ({:.2f} to {:.2f} times).",
                         before.name, 1 / contrast.high, 1 / contrast.low);
    case Finding::kTooFewRounds:
    case Finding::kNotCompared:
      break;
  }
  return fmt::format("There were too few rounds to compare it with {}: a longer --budget has more.",
                     before.name);
}

// What the rounds say of the others, against the recommended one.
struct Others {
  std::vector<std::string> alike;
  std::vector<std::string> unproven;  // there are too few rounds of it
};

Others OthersOf(const TuneOutcome& outcome) {
  Others others;
  for (std::size_t i = 1; i < outcome.finalists.size(); ++i) {
    const ConfigurationNumbers& one = outcome.finalists[i];
    const Finding finding = one.ok_rate.finding;
    if (finding == Finding::kAlike) {
      others.alike.push_back(one.name);
    } else if (finding == Finding::kTooFewRounds || finding == Finding::kNotCompared) {
      others.unproven.push_back(one.name);
    }
  }
  return others;
}

bool NothingIsProven(const TuneOutcome& outcome, const Others& others) {
  return !others.unproven.empty() && others.unproven.size() + 1 == outcome.finalists.size();
}

std::string OthersText(const TuneOutcome& outcome, const Others& others) {
  if (NothingIsProven(outcome, others)) {
    return "There were not enough rounds to tell any two finalists apart: a longer --budget has "
           "more.\n";
  }
  std::string text;
  if (!others.alike.empty()) {
    text += fmt::format(
        "Not to be told apart from it: {}. Of these the more durable one is recommended, then the "
        "one with fewer workers.\n",
        fmt::join(others.alike, ", "));
  }
  if (!others.unproven.empty()) {
    text += fmt::format("Not enough rounds to compare with it: {}.\n",
                        fmt::join(others.unproven, ", "));
  }
  return text.empty() ? "No other finalist comes up to it.\n" : text;
}

std::string VerdictText(const TuneOutcome& outcome) {
  std::string text;
  for (const ConfigurationNumbers& one : outcome.finalists) {
    if (const std::string why = WhyNotBelieved(one); !why.empty()) {
      text += fmt::format("INVALID measurement: {}\n", why);
    }
  }
  return text.empty() ? "The measurement is VALID: the machine and the generator kept up.\n" : text;
}

}  // namespace

std::string SettingsToml(const std::vector<PlanSetting>& settings) {
  std::map<std::string, std::string> tables;
  for (const PlanSetting& setting : settings) {
    const std::size_t dot = setting.key.rfind('.');
    const std::string table = dot == std::string::npos ? "" : setting.key.substr(0, dot);
    tables[table] += fmt::format("{} = {}\n", setting.key.substr(dot + 1), setting.text);
  }
  std::string text;
  for (const auto& [name, lines] : tables) {
    text += (name.empty() ? "" : "[" + name + "]\n") + lines;
  }
  return text;
}

std::string TuneText(const TuneOutcome& outcome, TuneExtent extent) {
  if (outcome.finalists.empty()) {
    return "No configuration was measured.\n";
  }
  const ConfigurationNumbers& best = outcome.finalists.front();
  std::string text =
      fmt::format("{} of {} configurations were tried.\n\n", extent.tried, extent.possible);
  text += TextOf(Finalists(outcome)) + ThinNote(outcome) + "\n" + VerdictText(outcome);
  if (!outcome.unmet.front().empty()) {
    return text +
           fmt::format("Nothing that was tried meets what is required; {} came nearest: {}\n",
                       best.name, outcome.unmet.front());
  }
  const Others others = OthersOf(outcome);
  text += fmt::format(
      "{}: {}, {}.\n",
      NothingIsProven(outcome, others) ? "The fastest, though nothing is proven" : "Recommended",
      best.name, ShortText(best));
  for (const ConfigurationNumbers& one : outcome.finalists) {
    if (one.name == outcome.before && &one == &best) {
      text += "It is what there is already.\n";
    } else if (one.name == outcome.before && !NothingIsProven(outcome, others)) {
      text += Gain(one) + "\n";
    }
  }
  text += fmt::format("A killed process may cost {}, a power cut {}.\n", best.durability.crash,
                      best.durability.power_cut);
  text += OthersText(outcome, others);
  return text + "\n" + SettingsToml(best.settings);
}

}  // namespace sqlicorn::loadgen
