// SPDX-License-Identifier: MIT
#include "loadgen/report/locust_json.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <vector>

#include <nlohmann/json.hpp>

namespace sqlicorn::loadgen {
namespace {

using Json = nlohmann::ordered_json;

double UnixSeconds(std::int64_t us) {
  return static_cast<double>(us) / 1e6;
}

double Ms(double us) {
  return us / 1000;
}

Json ResponseTimes(const RoundedTimes& times) {
  Json json = Json::object();
  for (const auto& [key_ms, count] : times.Counts()) {
    json[std::to_string(key_ms)] = count;
  }
  return json;
}

Json PerSecond(const EachSecond& seconds, std::uint64_t EachSecond::Count::*what) {
  Json json = Json::object();
  for (const EachSecond::Count& count : seconds.counts()) {
    if (count.*what > 0) {
      json[std::to_string(count.unix_s)] = count.*what;
    }
  }
  return json;
}

Json EndpointJson(const EndpointStats& endpoint) {
  const auto requests = static_cast<double>(endpoint.requests);
  return {{"name", endpoint.name},
          {"method", endpoint.method},
          {"last_request_timestamp", UnixSeconds(endpoint.each_second.last_us())},
          {"start_time", UnixSeconds(endpoint.each_second.first_us())},
          {"num_requests", endpoint.requests},
          {"num_none_requests", 0},
          {"num_failures", endpoint.failures},
          {"total_response_time", Ms(endpoint.latency.MeanUs() * requests)},
          {"max_response_time", Ms(static_cast<double>(endpoint.latency.max_us()))},
          {"min_response_time", Ms(static_cast<double>(endpoint.latency.min_us()))},
          {"total_content_length", endpoint.body_bytes},
          {"response_times", ResponseTimes(endpoint.rounded)},
          {"num_reqs_per_sec", PerSecond(endpoint.each_second, &EachSecond::Count::requests)},
          {"num_fail_per_sec", PerSecond(endpoint.each_second, &EachSecond::Count::failures)}};
}

}  // namespace

std::string LocustJson(const RunStats& stats) {
  std::vector<const EndpointStats*> answered;
  for (const EndpointStats& endpoint : stats.endpoints()) {
    if (endpoint.requests > 0) {
      answered.push_back(&endpoint);
    }
  }
  std::stable_sort(answered.begin(), answered.end(), [](const auto* a, const auto* b) {
    return a->each_second.first_us() < b->each_second.first_us();
  });
  Json json = Json::array();
  for (const EndpointStats* endpoint : answered) {
    json.push_back(EndpointJson(*endpoint));
  }
  return json.dump(4, ' ', true, Json::error_handler_t::replace) + "\n";
}

std::string LocustJsonPath(const std::string& name) {
  std::error_code ignored;
  const std::filesystem::file_status file = std::filesystem::status(name, ignored);
  const bool special = std::filesystem::exists(file) && !std::filesystem::is_regular_file(file) &&
                       !std::filesystem::is_directory(file);
  return name.empty() || name.ends_with(".json") || special ? name : name + ".json";
}

}  // namespace sqlicorn::loadgen
