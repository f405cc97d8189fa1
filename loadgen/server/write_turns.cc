// SPDX-License-Identifier: MIT
#include "loadgen/server/write_turns.h"

#include <nlohmann/json.hpp>

#include "common/base/histogram.h"
#include "common/json/json_text.h"

namespace sqlicorn::loadgen {
namespace {

void AddTo(ValueCounts* counts, const ValueCounts& other) {
  for (const auto& [value, count] : other) {
    (*counts)[value] += count;
  }
}

ValueCounts Difference(const ValueCounts& after, const ValueCounts& before) {
  ValueCounts difference;
  for (const auto& [value, count] : after) {
    const auto found = before.find(value);
    const std::uint64_t known = found == before.end() ? 0 : found->second;
    if (count > known) {
      difference[value] = count - known;
    }
  }
  return difference;
}

ValueCounts* Named(const std::string& name, WriteTurns* turns) {
  if (name == "wait_us") {
    return &turns->wait_us;
  }
  if (name == "hold_us") {
    return &turns->hold_us;
  }
  return name == "batch" ? &turns->batch : nullptr;
}

}  // namespace

std::uint64_t CountOf(const ValueCounts& counts) {
  std::uint64_t sum = 0;
  for (const auto& [value, count] : counts) {
    sum += count;
  }
  return sum;
}

std::optional<double> PercentileOf(const ValueCounts& counts, double percent) {
  const std::uint64_t all = CountOf(counts);
  if (all == 0) {
    return std::nullopt;
  }
  const auto count_of = [](const auto& entry) { return entry.second; };
  return FindRank(counts, PercentileRank(all, percent), count_of)->first;
}

void WriteTurns::Add(const WriteTurns& other) {
  AddTo(&wait_us, other.wait_us);
  AddTo(&hold_us, other.hold_us);
  AddTo(&batch, other.batch);
}

WriteTurns WriteTurns::Since(const WriteTurns& before) const {
  return {Difference(wait_us, before.wait_us), Difference(hold_us, before.hold_us),
          Difference(batch, before.batch)};
}

Result<WriteTurns> ParseWriteTurns(const std::string& reply) {
  const Error nonsense{"the server did not answer with histograms"};
  const auto json = JsonOf(reply);
  const nlohmann::json::json_pointer place("/data/histograms");
  if (!json.is_object() || !json.contains(place) || !json[place].is_array()) {
    return nonsense;
  }
  WriteTurns turns;
  for (const auto& row : json[place]) {
    const bool usable = row.is_object() && row.contains("name") && row["name"].is_string() &&
                        row.contains("value") && row["value"].is_number() &&
                        row.contains("count") && row["count"].is_number_unsigned();
    if (!usable) {
      return nonsense;
    }
    if (ValueCounts* counts = Named(row["name"].get<std::string>(), &turns)) {
      (*counts)[row["value"].get<double>()] += row["count"].get<std::uint64_t>();
    }
  }
  return turns;
}

}  // namespace sqlicorn::loadgen
