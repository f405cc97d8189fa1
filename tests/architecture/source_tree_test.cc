// SPDX-License-Identifier: MIT
#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

#include <gtest/gtest.h>

#include "common/base/file.h"
#include "tests/architecture/bodies.h"
#include "tests/architecture/house_rules.h"

namespace sqlicorn::architecture {
namespace {

namespace fs = std::filesystem;

const fs::path kTop = SQLICORN_SOURCE_DIR;

// The C++ files under `folder`, by their paths from the top of the repository.
std::vector<std::string> ListSources(const std::string& folder) {
  std::vector<std::string> paths;
  std::error_code error;
  for (fs::recursive_directory_iterator at(kTop / folder, error), end; at != end && !error;
       at.increment(error)) {
    const std::string extension = at->path().extension().string();
    if (extension == ".h" || extension == ".cc") {
      paths.push_back(at->path().lexically_relative(kTop).generic_string());
    }
  }
  EXPECT_FALSE(error) << folder << ": " << error.message();
  return paths;
}

class SourceTree : public testing::TestWithParam<std::string> {};

TEST_P(SourceTree, KeepsTheHouseRules) {
  for (const std::string& path : ListSources(GetParam())) {
    const Result<std::string> text = ReadFile(kTop / path);
    ASSERT_TRUE(text.ok()) << text.error().message;
    for (const std::string& violation : FindViolations({path, text.value()})) {
      ADD_FAILURE() << violation;
    }
  }
}

std::string TextOf(const std::string& path) {
  const Result<std::string> text = ReadFile(kTop / path);
  return text ? *text : "";
}

TEST_P(SourceTree, HasBodiesInTheSourceOfTheirHeader) {
  for (const std::string& path : ListSources(GetParam())) {
    if (GetParam() == "tests" || !path.ends_with(".cc")) {
      continue;
    }
    for (const std::string& stray : FindStrayBodies({path, TextOf(path)}, TextOf)) {
      ADD_FAILURE() << stray;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Rooms, SourceTree,
                         testing::Values("common", "ctl", "worker", "master", "loadgen", "tests"),
                         [](const auto& room) { return room.param; });

TEST(SourceTreeList, FindsTheSources) {
  EXPECT_GE(ListSources("common").size(), 10U);
  EXPECT_GE(ListSources("tests").size(), 5U);
}

}  // namespace
}  // namespace sqlicorn::architecture
