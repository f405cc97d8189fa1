// SPDX-License-Identifier: MIT
#include "loadgen/results/verdict_json.h"

#include <array>
#include <string>
#include <utility>

#include <nlohmann/json.hpp>

#include "loadgen/results/histogram_json.h"

namespace sqlicorn::loadgen {
namespace {

using Json = nlohmann::ordered_json;
using Facts = MeasurementFacts;

constexpr std::array<std::pair<const char*, double Facts::*>, 6> kNumbers = {
    {{"window_s", &Facts::window_s},
     {"standstill_s", &Facts::standstill_s},
     {"generator_cpu_s", &Facts::generator_cpu_s},
     {"lag_p99_us", &Facts::lag_p99_us},
     {"latency_p99_us", &Facts::latency_p99_us},
     {"lateness_p99_us", &Facts::lateness_p99_us}}};

constexpr std::array<std::pair<const char*, std::uint64_t Facts::*>, 5> kCounts = {
    {{"lag_samples", &Facts::lag_samples},
     {"requests", &Facts::requests},
     {"timed_sends", &Facts::timed_sends},
     {"due", &Facts::due},
     {"never_sent", &Facts::never_sent}}};

// null where the system does not tell.
constexpr std::array<std::pair<const char*, std::optional<double> Facts::*>, 6> kOptional = {
    {{"run_queue_wait_s", &Facts::run_queue_wait_s},
     {"other_cpu_s", &Facts::other_cpu_s},
     {"server_cpu_s", &Facts::server_cpu_s},
     {"steal_s", &Facts::steal_s},
     {"pressure_s", &Facts::pressure_s},
     {"load_average", &Facts::load_average}}};

}  // namespace

Json OpenLoopJson(const std::optional<OpenLoop>& open) {
  if (!open) {
    return nullptr;
  }
  return {{"rate", open->rate},
          {"sends", open->sends},
          {"late", open->late},
          {"waited", open->waited},
          {"never_sent", open->never_sent},
          {"lateness", HistogramJson(open->lateness)},
          {"service", HistogramJson(open->service)}};
}

std::optional<OpenLoop> ReadOpenLoop(const JsonPlace& run) {
  if (!run.Has("open_loop")) {
    return std::nullopt;
  }
  const JsonPlace from = run["open_loop"];
  return OpenLoop{from["rate"].As<std::string>(),         from["sends"].As<std::uint64_t>(),
                  from["late"].As<std::uint64_t>(),       from["waited"].As<std::uint64_t>(),
                  from["never_sent"].As<std::uint64_t>(), ReadHistogram(from["lateness"]),
                  ReadHistogram(from["service"])};
}

Json FactsJson(const Facts& facts) {
  Json json = {{"cores", facts.cores}};
  for (const auto& [name, member] : kNumbers) {
    json[name] = facts.*member;
  }
  for (const auto& [name, member] : kCounts) {
    json[name] = facts.*member;
  }
  for (const auto& [name, member] : kOptional) {
    json[name] = facts.*member ? Json(*(facts.*member)) : Json();
  }
  return json;
}

Facts ReadFacts(const JsonPlace& from) {
  Facts facts;
  facts.cores = from["cores"].As<std::uint32_t>();
  for (const auto& [name, member] : kNumbers) {
    facts.*member = from[name].As<double>();
  }
  for (const auto& [name, member] : kCounts) {
    facts.*member = from[name].As<std::uint64_t>();
  }
  for (const auto& [name, member] : kOptional) {
    if (from.Has(name)) {
      facts.*member = from[name].As<double>();
    }
  }
  return facts;
}

}  // namespace sqlicorn::loadgen
