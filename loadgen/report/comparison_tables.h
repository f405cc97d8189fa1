// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "loadgen/compare/comparison.h"
#include "loadgen/report/report_table.h"

// The tables and sentences that all readable reports of a comparison share.
namespace sqlicorn::loadgen {

// "Load test of http://…" of a run.
[[nodiscard]] std::string TitleOf(const Comparison& comparison);

// One row per configuration. A run has neither ratio nor audit.
[[nodiscard]] ReportTable Headline(const Comparison& comparison);

// One row per configuration but the first, and one for the first once more: ratios to the first,
// their intervals and what they prove. No rows where there is nothing to compare.
[[nodiscard]] ReportTable ContrastTable(const Comparison& comparison);

// One row per configuration: the longest time in which nobody was answered, what was answered too
// late to be counted or not at all, and how long answers lay unread in the generator.
[[nodiscard]] ReportTable StallsTable(const Comparison& comparison);

// One row per configuration: what was sent at the rate, and the times from the sending. No rows of
// a closed loop.
[[nodiscard]] ReportTable OpenLoopTable(const Comparison& comparison);

// One row per configuration: what a successful request cost the server.
[[nodiscard]] ReportTable CostsTable(const Comparison& comparison);

// What the first configuration is to itself, with its interval, in a sentence; "" where that is
// unknown.
[[nodiscard]] std::string NoiseText(const Comparison& comparison);

// The ratio of a configuration for the first table: "~" where it is not to be told from the first,
// with a question mark where too few rounds prove nothing.
[[nodiscard]] std::string RatioCell(const ConfigurationNumbers& configuration);

// One row per configuration: the rate of each round and the range of the ratios. No rows where no
// configuration has several rounds.
[[nodiscard]] ReportTable RoundsTable(const Comparison& comparison);

// One row per configuration that had failures: the times of its successful requests, and of those
// that failed. No rows where nothing did.
[[nodiscard]] ReportTable OutcomesTable(const Comparison& comparison);

// One table per endpoint, one row per configuration.
[[nodiscard]] std::vector<ReportTable> EndpointTables(const Comparison& comparison);

// One row per configuration, endpoint and kind of failure.
[[nodiscard]] ReportTable ErrorsTable(const Comparison& comparison);

// One row per configuration: its write turns. No rows where no server told of any.
[[nodiscard]] ReportTable TurnsTable(const Comparison& comparison);

// What each configuration sets, and its audit.
[[nodiscard]] ReportTable SettingsTable(const Comparison& comparison);
[[nodiscard]] ReportTable AuditTable(const Comparison& comparison);

// One row per configuration: what may be lost of the writes that it acknowledged.
[[nodiscard]] ReportTable DurabilityTable(const Comparison& comparison);

// The pragmas that differ (no rows when none does), and "name=value name=value …" of the others.
[[nodiscard]] ReportTable PragmasTable(const Comparison& comparison);
[[nodiscard]] std::string CommonPragmas(const Comparison& comparison);

// How to read the numbers, one sentence each.
[[nodiscard]] std::vector<std::string> ReadingNotes(const Comparison& comparison);

// One row per configuration: whether its runs can be believed, and what that is judged by.
[[nodiscard]] ReportTable VerdictTable(const Comparison& comparison);

// One row per run that did not come to its end.
[[nodiscard]] ReportTable FailedRunsTable(const Comparison& comparison);

// One row per limit of --fail-if and configuration. No rows without limits.
[[nodiscard]] ReportTable ThresholdsTable(const Comparison& comparison);

// When, where and how it was measured: pairs of a name and a text.
[[nodiscard]] ReportTable ProvenanceTable(const Comparison& comparison);

}  // namespace sqlicorn::loadgen
