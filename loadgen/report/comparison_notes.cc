// SPDX-License-Identifier: MIT
#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "loadgen/report/comparison_tables.h"
#include "loadgen/report/number_text.h"

namespace sqlicorn::loadgen {
namespace {

bool AnyAudit(const Comparison& comparison, AuditMethod method) {
  const auto has = [method](const ConfigurationNumbers& configuration) {
    return configuration.measured.audit.method == method;
  };
  return std::any_of(comparison.configurations.begin(), comparison.configurations.end(), has);
}

std::string GeneratorText(const Comparison& comparison) {
  if (comparison.configurations.empty()) {
    return "not measured";
  }
  std::vector<std::string> texts;
  for (const ConfigurationNumbers& configuration : comparison.configurations) {
    texts.push_back(
        fmt::format("{} {:.0f} %", configuration.name, configuration.measured.generator_cpu * 100));
  }
  return fmt::format("{} of a core", fmt::join(texts, ", "));
}

std::string MachineText(const Provenance& from) {
  const std::string plural = from.cores == 1 ? "" : "s";
  const std::string share =
      from.generator_cores.empty()
          ? "for server and generator together"
          : fmt::format("({} for the generator alone, {} for the servers that it started)",
                        from.generator_cores, from.server_cores);
  return fmt::format("{} core{} {}, {}, {}", from.cores, plural, share, from.cpu, from.kernel);
}

std::string LoopText(const Provenance& from) {
  if (!from.replay.empty()) {
    return "Requests of a log are sent at their times, if a user is free then (" + from.replay +
           "). Times are those of all requests, failed ones too, from when they were due to the "
           "complete answer.";
  }
  return from.rate.empty()
             ? "Each user sends a request, waits for the answer and sends the next (closed loop). "
               "Times are those of all requests, failed ones too, from sending to the complete "
               "answer."
             : fmt::format(
                   "Requests are sent when they are due, at the rate {}, whatever was answered "
                   "(open "
                   "loop). Times are those of all requests, failed ones too, from when they were "
                   "due "
                   "to the complete answer: what a server that stalls kept from being sent waits "
                   "in "
                   "them. What every configuration can serve shows no ratio of ok/s.",
                   from.rate);
}

std::string UsersText(const Provenance& from) {
  if (!from.replay.empty()) {
    return fmt::format("{} over {} connections", from.replay, from.users);
  }
  return from.rate.empty() ? fmt::format("{} users", from.users)
                           : fmt::format("rate {} over {} connections", from.rate, from.users);
}

std::string SecondsText(const Provenance& from) {
  return from.wanted_s
             ? fmt::format("{:.3g} s of {:g} s (interrupted)", from.duration_s, *from.wanted_s)
             : fmt::format("{:.3g} s", from.duration_s);
}

std::string DiskText(const Provenance& from) {
  return from.flush_ms ? fmt::format("{}, where an fsync took {:.3g} ms before the start",
                                     from.file_system, *from.flush_ms)
                       : from.file_system;
}

std::string ServerText(const Provenance& from) {
  return from.server.empty() ? "none of ours" : fmt::format("{} -c {}", from.program, from.server);
}

constexpr const char* kCounted =
    "Counted is what ended in the counted time, however early it began. *: fewer than ten "
    "requests are to be expected beyond this percentile, so it is little more than the slowest "
    "of them.";
constexpr const char* kSilence =
    "silence: the longest time of a run without an answer to anybody, which a stall shows "
    "in though few requests met it. lay unread: from the kernel's receipt of an answer to the "
    "generator's reading of it, a sample.";

std::vector<std::string> NotesOfRun(const Comparison& comparison) {
  return {LoopText(comparison.provenance), "ok/s: requests answered successfully.", kCounted,
          kSilence};
}

ReportTable ProvenanceOfRun(const Comparison& comparison, ReportTable table) {
  const Provenance& from = comparison.provenance;
  table.rows = {
      {"date", from.started},
      {"program", "sqlicorn-loadgen " + from.version},
      {"load", fmt::format("{}, {}, {}", UsersText(from), from.scenario, SecondsText(from))},
      {"server", from.server},
      {"machine", fmt::format("{} core{}, {}, {}", from.cores, from.cores == 1 ? "" : "s", from.cpu,
                              from.kernel)},
      {"generator used", GeneratorText(comparison)},
      {"seed", fmt::to_string(from.seed)}};
  return table;
}

using Cells = std::vector<std::string>;
using Middle = std::optional<TurnNumbers::Middle>;

bool Told(const ConfigurationNumbers& configuration) {
  return configuration.measured.turns.batch || configuration.measured.turns.wait_ms;
}

void AppendSizes(const Middle& sizes, Cells* cells) {
  cells->push_back(sizes ? fmt::format("{:g}", sizes->p50) : "-");
  cells->push_back(sizes ? fmt::format("{:g}", sizes->p99) : "-");
}

void AppendTimes(const Middle& ms, Cells* cells) {
  cells->push_back(ms ? MsText(ms->p50) : "-");
  cells->push_back(ms ? MsText(ms->p99) : "-");
}

}  // namespace

std::vector<std::string> ReadingNotes(const Comparison& comparison) {
  if (IsRun(comparison)) {
    return NotesOfRun(comparison);
  }
  std::vector<std::string> notes = {
      LoopText(comparison.provenance),
      "ok/s: requests answered successfully. ratio: ok/s against the first configuration, so that "
      "failing fast is no speed: the estimate of Hodges and Lehmann from the ratios within each "
      "round. ~: not to be told from the first (Wilcoxon's signed-rank test at 5 %, corrected by "
      "Holm for the number of configurations); ?: too few rounds to prove anything. from, to: the "
      "interval of 95 % of this ratio alone.",
      "Rounds are merged request by request; no percentile is an average of percentiles.",
      kCounted};
  if (std::string noise = NoiseText(comparison); !noise.empty()) {
    notes.push_back(std::move(noise));
  }
  notes.emplace_back(kSilence);
  notes.emplace_back(
      "cost: used by all processes of the server in the counted time, by successful request; disk "
      "flushes are those of the whole disk, whoever asked for them.");
  if (AnyAudit(comparison, AuditMethod::kById)) {
    notes.emplace_back(
        "audit: every write carries a value of its own; ok = each acknowledged one is in the table "
        "once, and nothing else is.");
  }
  if (AnyAudit(comparison, AuditMethod::kByValue)) {
    notes.emplace_back(
        "audit: every write carries a value of its own; ok = each acknowledged one is in the table "
        "once, with the values that were sent, and nothing else is.");
  }
  if (AnyAudit(comparison, AuditMethod::kByCount)) {
    notes.emplace_back(
        "audit: the scenario's writes carry no value of their own, so only their number was "
        "compared with the number of rows.");
  }
  if (!TurnsTable(comparison).rows.empty()) {
    notes.emplace_back(
        "write turns: batch is the requests in one transaction, wait is from a write's arrival "
        "until its transaction began, hold from a "
        "turn's acceptance until it was passed on; values above 15 are known to 6 %. Without "
        "fifo or group there are no turns, and where SQLite does the waiting no wait is known "
        "(-).");
  }
  return notes;
}

ReportTable ProvenanceTable(const Comparison& comparison) {
  const Provenance& from = comparison.provenance;
  ReportTable table;
  table.title = "How it was measured";
  table.columns = {{"", "what", Align::kLeft}, {"", "value", Align::kLeft}};
  if (IsRun(comparison)) {
    return ProvenanceOfRun(comparison, std::move(table));
  }
  table.rows = {{"date", from.started},
                {"program", "sqlicorn-loadgen " + from.version},
                {"plan", from.plan},
                {"load", fmt::format("{}, {}, {:g} s after {:g} s of warm-up, {} round{}",
                                     UsersText(from), from.scenario, from.duration_s, from.warmup_s,
                                     from.rounds, from.rounds == 1 ? "" : "s")},
                {"server", ServerText(from)},
                {"machine", MachineText(from)},
                {"databases on", DiskText(from)},
                {"generator used", GeneratorText(comparison)},
                {"seed", fmt::to_string(from.seed)}};
  for (std::size_t i = 0; i < from.order.size(); ++i) {
    table.rows.push_back(
        {fmt::format("order, round {}", i + 1), fmt::format("{}", fmt::join(from.order[i], ", "))});
  }
  return table;
}

ReportTable TurnsTable(const Comparison& comparison) {
  ReportTable table;
  table.title = "Write turns, as the servers counted them";
  table.columns = {{"", "configuration", Align::kLeft}, {"", "turns", Align::kRight}};
  for (const char* group : {"batch", "wait, ms", "hold, ms"}) {
    table.columns.push_back({group, "p50", Align::kRight});
    table.columns.push_back({group, "p99", Align::kRight});
  }
  const auto& configurations = comparison.configurations;
  if (std::none_of(configurations.begin(), configurations.end(), Told)) {
    return table;
  }
  for (const ConfigurationNumbers& configuration : configurations) {
    const TurnNumbers& turns = configuration.measured.turns;
    Cells cells = {configuration.name, turns.turns == 0 ? "-" : CountText(turns.turns)};
    AppendSizes(turns.batch, &cells);
    AppendTimes(turns.wait_ms, &cells);
    AppendTimes(turns.hold_ms, &cells);
    table.rows.push_back(std::move(cells));
  }
  return table;
}

}  // namespace sqlicorn::loadgen
