// SPDX-License-Identifier: MIT
#include "loadgen/tune/tune_candidates.h"

#include <algorithm>
#include <random>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "common/config/toml.h"
#include "loadgen/compare/durability.h"
#include "loadgen/plan/plan_settings.h"

namespace sqlicorn::loadgen {
namespace {

struct Journal {
  const char* mode;
  const char* synchronous;
};

// What loses more than WAL with NORMAL, at no gain in speed, is not worth a try.
constexpr Journal kJournals[] = {
    {"wal", "normal"}, {"wal", "full"}, {"truncate", "full"}, {"delete", "full"}};
constexpr const char* kSchedulers[] = {"group", "fifo", "retry", "busy"};
constexpr int kCacheSizes[] = {-2000, -16000};  // KiB, as SQLite writes them
constexpr int kMmapSizes[] = {0, 134217728};

bool IsWanted(const Journal& journal, WantedDurability wanted) {
  return wanted == WantedDurability::kAny ||
         DurabilityOf({{"journal_mode", journal.mode}, {"synchronous", journal.synchronous}}, "")
             .durable;
}

// 1, 2, 4, … up to twice the cores.
std::vector<std::uint32_t> WorkerCounts(std::uint32_t cores) {
  std::vector<std::uint32_t> counts;
  for (std::uint32_t count = 1; count <= std::max(2U, 2 * cores); count *= 2) {
    counts.push_back(count);
  }
  return counts;
}

using Settings = std::vector<PlanSetting>;

std::vector<Settings> AllSettings(WantedDurability wanted, std::uint32_t cores) {
  std::vector<Settings> all;
  for (const Journal& journal : kJournals) {
    if (!IsWanted(journal, wanted)) {
      continue;
    }
    for (const char* scheduler : kSchedulers) {
      for (const std::uint32_t workers : WorkerCounts(cores)) {
        for (const int cache : kCacheSizes) {
          for (const int mmap : kMmapSizes) {
            all.push_back({{"database.scheduler", TomlString(scheduler)},
                           {"database.pragmas.journal_mode", TomlString(journal.mode)},
                           {"database.pragmas.synchronous", TomlString(journal.synchronous)},
                           {"server.workers", fmt::to_string(workers)},
                           {"database.pragmas.cache_size", fmt::to_string(cache)},
                           {"database.pragmas.mmap_size", fmt::to_string(mmap)}});
          }
        }
      }
    }
  }
  return all;
}

bool HasUsualMemory(const Settings& settings) {
  return std::all_of(settings.begin(), settings.end(), [](const PlanSetting& setting) {
    const bool cache = setting.key == "database.pragmas.cache_size";
    const bool mmap = setting.key == "database.pragmas.mmap_size";
    return (!cache || setting.text == fmt::to_string(kCacheSizes[0])) &&
           (!mmap || setting.text == fmt::to_string(kMmapSizes[1]));
  });
}

}  // namespace

std::size_t CountTuneCandidates(WantedDurability wanted, std::uint32_t cores) {
  return AllSettings(wanted, cores).size();
}

std::vector<PlanConfiguration> TuneCandidates(const std::vector<PlanSetting>& base,
                                              WantedDurability wanted, std::uint32_t cores,
                                              std::size_t most, std::uint64_t seed) {
  std::vector<Settings> all = AllSettings(wanted, cores);
  if (all.size() > most) {
    std::mt19937_64 random(seed);
    for (std::size_t i = all.size(); i > 1; --i) {
      std::swap(all[i - 1], all[random() % i]);
    }
    // Cache and mapped memory change least: they vary last, so that the few differ in the rest.
    std::stable_partition(all.begin(), all.end(), HasUsualMemory);
    all.resize(most);
  }
  std::vector<PlanConfiguration> candidates;
  for (Settings& own : all) {
    PlanConfiguration candidate;
    candidate.name = fmt::format("candidate-{}", candidates.size() + 1);
    candidate.settings = base;
    for (const PlanSetting& setting : own) {
      Set(setting, &candidate.settings);
    }
    candidate.own = std::move(own);
    candidates.push_back(std::move(candidate));
  }
  return candidates;
}

}  // namespace sqlicorn::loadgen
