// SPDX-License-Identifier: MIT
// Which members a file of --save has, by version.
#include <fstream>
#include <set>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "common/json/json_text.h"
#include "loadgen/results/result_file.h"
#include "tests/loadgen/comparison_sample.h"

namespace sqlicorn::loadgen {
namespace {

void AddMembers(const nlohmann::json& value, const std::string& path, std::set<std::string>* to) {
  if (value.is_object()) {
    for (const auto& [name, member] : value.items()) {
      to->insert(path + "." + name);
      AddMembers(member, path + "." + name, to);
    }
  } else if (value.is_array()) {
    for (const auto& element : value) {
      AddMembers(element, path + "[]", to);
    }
  }
}

// A file that lacks a member is not a file that somebody changed: its version says so first.
TEST(ResultFile, HasANewVersionWhereMembersComeOrGo) {
  MeasuredRun run = sample::Run({0, 0});
  run.costs = ServerCosts();
  run.turns = WriteTurns{};
  run.result.open_loop.emplace();
  run.result.replay.emplace();
  run.answers = {{"GET /", 200, 1, 2, true}};
  ResultWriter writer;
  writer.Add(run);
  writer.Add(sample::Run({0, 1}));
  writer.Add(FailedRun{{0, 0}, "it died", run.audit, true, ""});
  const auto json =
      JsonOf(writer.Text({ResultKind::kComparison, sample::From(), sample::Plan().configurations}));
  std::set<std::string> members = {"version " + std::to_string(kResultVersion)};
  AddMembers(json, "", &members);
  std::set<std::string> known;
  std::ifstream file(GOLDEN_DIR "/result_members.txt");
  for (std::string line; std::getline(file, line);) {
    known.insert(line);
  }
  std::string now;
  for (const std::string& member : members) {
    now += member + "\n";
  }
  EXPECT_EQ(members, known) << "raise kResultVersion, and keep this as result_members.txt:\n"
                            << now;
}

}  // namespace
}  // namespace sqlicorn::loadgen
