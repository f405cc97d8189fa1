// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "loadgen/compare/comparison.h"

// A comparison in the formats of other programs.
namespace sqlicorn::loadgen {

// JUnit's XML, for what shows tests: a case for each audit and each --fail-if of a configuration,
// the numbers as properties.
[[nodiscard]] std::string ComparisonJunit(const Comparison& comparison);

// Prometheus' text format: what the pushgateway and node_exporter's textfile collector take. Times
// are in seconds.
[[nodiscard]] std::string ComparisonPrometheus(const Comparison& comparison);

// HdrHistogram's log, version 1.3: a line for each endpoint of each configuration, tagged
// CONFIGURATION:METHOD:NAME. Values are microseconds, to three digits, as they were recorded.
[[nodiscard]] std::string ComparisonHdrLog(const Comparison& comparison);

// HdrHistogram's percentile distribution (.hgrm), milliseconds, as the plotters of several load
// generators read it.
[[nodiscard]] std::string Hgrm(const Histogram& latency);

// The files that --hgrm writes: what comes after the prefix, and the content. One for all requests
// of a configuration, one for its reads, one for its writes.
struct HgrmFile {
  std::string suffix;  // "_wal_reads.hgrm"
  std::string content;
};

[[nodiscard]] std::vector<HgrmFile> ComparisonHgrm(const Comparison& comparison);

// Bars of text for a terminal: how many requests of each configuration took how long.
[[nodiscard]] std::string ComparisonBars(const Comparison& comparison);

}  // namespace sqlicorn::loadgen
