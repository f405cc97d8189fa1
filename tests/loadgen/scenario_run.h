// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/loadgen/runner_fixture.h"
#include "tests/support/temp_file.h"

namespace sqlicorn::loadgen {

// Runs a scenario against a server in this process, which notes what it was asked for.
class ScenarioRun : public RunnerTest {
 protected:
  void Use(const std::string& toml) {
    const testing::TempFile file("s.toml", toml);
    Result<Scenario> scenario = LoadScenario(file.path());
    ASSERT_TRUE(scenario.ok()) << scenario.error().message;
    scenario_ = *std::move(scenario);
  }

  // "GET /a", or with its body "POST /a x=1".
  static std::string Shown(const std::string& request) {
    const std::string line = request.substr(0, request.find(" HTTP/1.1"));
    const std::string body = request.substr(request.find("\r\n\r\n") + 4);
    return body.empty() ? line : line + " " + body;
  }

  [[nodiscard]] std::vector<std::string> Shown() const {
    std::vector<std::string> shown;
    std::transform(requests_.begin(), requests_.end(), std::back_inserter(shown),
                   [](const std::string& request) { return Shown(request); });
    return shown;
  }

  // The value of a header of request `number`.
  [[nodiscard]] std::string Header(std::size_t number, const std::string& name) const {
    const std::string& request = requests_.at(number);
    const std::size_t at = request.find("\r\n" + name + ": ");
    const std::size_t begin = at + name.size() + 4;
    return at == std::string::npos ? "" : request.substr(begin, request.find('\r', begin) - begin);
  }
};

}  // namespace sqlicorn::loadgen
