// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "loadgen/compare/audit.h"
#include "loadgen/compare/contrast.h"
#include "loadgen/compare/durability.h"
#include "loadgen/plan/comparison_plan.h"
#include "loadgen/server/query_output.h"
#include "loadgen/stats/run_stats.h"

// Everything a report of a comparison says, as plain data with all numbers worked out: the report
// writers only choose words and widths.
namespace sqlicorn::loadgen {

// The numbers of an endpoint, or of several together.
struct Numbers {
  std::string method;  // "" for several
  std::string name;
  bool writes = false;
  std::uint64_t requests = 0;  // ended in the counted time; failures are requests too
  std::uint64_t failures = 0;  // locked + other
  std::uint64_t locked = 0;    // SQLite said that the database was locked
  std::uint64_t other = 0;     // any other failure
  double failure_ratio = 0;    // 0 to 1
  double rps = 0;              // requests per second of the counted time
  double ok_rps = 0;           // of these the successful ones
  double failures_per_s = 0;
  LatencySummary latency;         // of all requests, failed ones too
  LatencySummary ok_latency;      // of the successful ones
  LatencySummary failed_latency;  // of the failed ones
};

// The write turns of a server, as it counted them. None where it did not: its scheduler has no
// turns, leaves the waiting to SQLite, or it could not be asked.
struct TurnNumbers {
  struct Middle {
    double p50 = 0;
    double p99 = 0;
  };

  std::uint64_t turns = 0;
  std::optional<Middle> batch;    // requests in one transaction
  std::optional<Middle> wait_ms;  // of each write, until its transaction began
  std::optional<Middle> hold_ms;  // of each turn
};

// What the server used for each successful request of the counted time; reads that cost nothing
// count like writes. None where the kernel does not tell.
struct CostNumbers {
  std::optional<double> cpu_us;  // user and system, of all processes of the server
  std::optional<double> switches;
  std::optional<double> minor_faults;
  std::optional<double> major_faults;
  std::optional<double> written_bytes;
  std::optional<double> write_calls;
  std::optional<double> flushes;                // of the whole disk, whoever asked for them
  std::optional<std::uint64_t> database_bytes;  // after the load; of several runs the greatest
  std::optional<std::uint64_t> wal_bytes;       // likewise; none without a database of ours
};

// What was sent at a rate, of what was due in the counted time.
struct OpenLoopNumbers {
  std::uint64_t due = 0;
  std::uint64_t late = 0;    // sent so by more than a millisecond, through the generator's fault
  std::uint64_t waited = 0;  // likewise, for all users waited for answers
  std::uint64_t never_sent = 0;  // for that reason
  double lateness_p99_ms = 0;    // of the sends that a user was free for
  double service_p50_ms = 0;     // from the sending, where latencies are from when it was due
  double service_p99_ms = 0;
};

// What was measured in one run, or in several runs of one configuration: histograms are merged
// before percentiles are taken.
struct Measurement {
  double seconds = 0;  // the counted time
  Numbers all;
  Numbers reads;
  Numbers writes;
  std::vector<Numbers> endpoints;
  std::uint64_t late = 0;        // ended after the counted time; they are in no other number
  double longest_late_ms = 0;    // of them
  std::uint64_t unanswered = 0;  // given up a minute after it; they are in no other number
  double generator_cpu = 0;      // share of one core; of several runs the greatest
  double lag_p50_ms = 0;         // that answers lay unread in the generator
  double lag_p99_ms = 0;
  double longest_gap_ms = 0;  // without an answer
  std::uint64_t runs = 0;
  std::uint64_t invalid_runs = 0;  // whose numbers cannot be believed; see MeasurementFacts
  std::string invalid;             // why, of the first of them
  Audit audit;
  TurnNumbers turns;
  CostNumbers costs;
  std::uint64_t killed = 0;  // workers, by --chaos
  std::optional<OpenLoopNumbers> open_loop{};
};

struct RoundNumbers {
  std::uint32_t round = 0;     // from 1
  std::uint32_t position = 0;  // in the order of all runs, from 1
  std::string run_id;          // in every unique value of the run
  Measurement measured;
};

struct ErrorCount {
  std::string method;
  std::string name;
  std::string error;  // in locust's words
  std::string cause;  // SQLite's symbolic name, "" = none told
  std::uint64_t occurrences = 0;
};

// A ratio of rates to the first configuration; 0 where that was not measured, or answered nothing
// successfully.
struct Ratio {
  double value = 0;   // that of ConfigurationNumbers::ok_rate; 1 for the first itself
  double lowest = 0;  // of the rounds in which both were measured
  double highest = 0;
};

// What charts and limits are made from: all rounds together.
struct Distribution {
  std::vector<EndpointStats> endpoints;
  TimeSeries seconds;  // of all endpoints
};

enum class Scope { kAll, kReads, kWrites };
[[nodiscard]] Histogram LatencyOf(const Distribution& distribution, Scope scope);

struct ConfigurationNumbers {
  std::string name;
  std::vector<PlanSetting> own;       // what it changes
  std::vector<PlanSetting> settings;  // all that the server was given
  Measurement measured;               // all rounds
  Ratio ratio;                        // of successful requests per second
  Contrast ok_rate;                   // to the first: of successful requests per second
  Contrast cpu;                       // to the first: of CPU time per successful request
  std::vector<ErrorCount> errors;     // in the order of first occurrence
  Pragmas pragmas;                    // read back
  Durability durability;
  std::string command;                         // of a server that is not ours; "" = ours
  std::vector<std::string> different_answers;  // from those of the first
  std::vector<RoundNumbers> rounds;
  Distribution distribution{};
};

struct Provenance {
  std::string version;
  std::string started;  // "2026-11-22 09:59:27 +0000"
  std::string plan;
  std::string scenario;
  std::string server;  // its configuration file
  std::string program;
  std::uint32_t users = 0;
  double duration_s = 0;
  double warmup_s = 0;
  std::uint32_t rounds = 0;
  std::uint64_t seed = 0;
  std::vector<std::vector<std::string>> order;  // names, by round
  std::uint32_t cores = 0;
  std::string cpu;
  std::string kernel;
  std::string file_system;           // of the databases
  std::string generator_cores{};     // "1": of its own; "" = it shared all with the servers
  std::string server_cores{};        // "0,2-3": those of the servers then
  std::string rate{};                // of an open loop; "" = closed
  std::optional<double> flush_ms{};  // what one fsync took there before the start
  std::string replay{};              // what was sent of which log, in words; "" = no replay
  std::optional<double> wanted_s{};  // the run time, of a `run` that was interrupted before it
};

// A run that did not come to its end.
struct FailedRunNote {
  std::string configuration;
  std::uint32_t round = 0;  // from 1
  bool under_load = false;
  std::string why;
  std::string answered;  // how the server answered until then; "" = nothing was asked
};

// What a configuration measured of a limit of --fail-if.
struct ThresholdFinding {
  std::string limit;  // as it was written
  std::string configuration;
  std::optional<double> value;  // none = not measured
  std::string value_text;       // with its unit
  bool holds = false;           // so the limit fails
};

struct Comparison {
  Provenance provenance;
  std::vector<ConfigurationNumbers> configurations;  // those with a finished run, as in the plan
  std::vector<std::string> not_measured;             // names of the others
  std::string first{};                               // name: ratios are to it, measured or not
  std::vector<FailedRunNote> failed;                 // in the order of the configurations
  std::vector<std::string> nothing_succeeded;        // names: not one request of all rounds did
  std::optional<ConfigurationNumbers> control;  // the first once more; its contrasts are its own
  double ok_rate_noise = 0;  // what the first differs from itself by; 0 without a control
  double cpu_noise = 0;
  std::vector<std::string> differing_pragmas;  // names
  Pragmas common_pragmas;
  std::vector<std::string> warnings;           // what a reader must know before the numbers
  std::vector<std::string> invalid;            // why nothing can be concluded, a sentence each
  std::vector<std::string> audit_failures;     // one line per failed configuration
  std::vector<ThresholdFinding> thresholds{};  // of --fail-if
};

// Whether it is a `run`, which only its reports make a comparison of: of one server, without a
// plan.
[[nodiscard]] bool IsRun(const Comparison& comparison);

}  // namespace sqlicorn::loadgen
