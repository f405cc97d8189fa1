// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

#include <fmt/format.h>

#include "tests/loadgen/comparison_sample.h"

namespace sqlicorn::loadgen::sample {

// Ten seconds of a configuration that answers faster the greater `number` is, with a long tail and
// one slow second.
inline Distribution DistributionOf(std::size_t number) {
  Distribution distribution;
  distribution.endpoints.resize(2);
  distribution.endpoints[1].writes = true;
  for (std::uint64_t i = 1; i <= 4000; ++i) {
    const std::uint64_t us = 60'000'000 / ((4001 - i) * (1 + number % 9)) + 100 * (number + 1);
    const bool slow_second = i / 400 == 6;
    distribution.endpoints[i % 5 == 0 ? 1 : 0].latency.Record(us);
    distribution.seconds.Record(std::chrono::microseconds(2500 * i),
                                slow_second ? 10 * us : 1000 + i % 97 * us / 97, i % 50 == 0);
  }
  return distribution;
}

// The sample with so many configurations and rounds, and names of full length.
inline Comparison ManyConfigurations(std::size_t configurations, std::size_t rounds) {
  Comparison comparison = Built();
  const ConfigurationNumbers one = comparison.configurations[1];
  comparison.configurations.clear();
  for (std::size_t i = 0; i < configurations; ++i) {
    ConfigurationNumbers& copy = comparison.configurations.emplace_back(one);
    copy.name = fmt::format("configuration-{:04}", i);
    copy.rounds.assign(rounds, one.rounds[0]);
    copy.distribution = DistributionOf(i);
    const double factor = 1 + static_cast<double>(i % 9) * (i == 1 ? 90 : 1);
    copy.measured.all.ok_rps *= factor;
    for (std::size_t round = 0; round < rounds; ++round) {
      copy.rounds[round].measured.all.ok_rps *= factor * (0.9 + 0.05 * static_cast<double>(round));
    }
    if (i > 0) {
      copy.ok_rate = {i % 3 == 0 ? Finding::kAlike : Finding::kMore,
                      rounds,
                      factor,
                      factor * 0.9,
                      factor * 1.1,
                      0.01};
    }
  }
  comparison.control = comparison.configurations.front();
  comparison.control->name += " again";
  comparison.control->ok_rate = {Finding::kAlike, rounds, 1.02, 0.95, 1.09, 0.4};
  comparison.ok_rate_noise = 0.05;
  comparison.provenance.duration_s = 10;
  comparison.provenance.order.assign(rounds, {"wal", "defaults"});
  return comparison;
}

}  // namespace sqlicorn::loadgen::sample
