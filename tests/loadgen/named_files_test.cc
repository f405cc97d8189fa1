// SPDX-License-Identifier: MIT
#include "loadgen/named_files.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "tests/support/temp_file.h"

namespace sqlicorn::loadgen {
namespace {

class CheckDistinctTest : public ::testing::Test {
 protected:
  CheckDistinctTest() {
    namespace fs = std::filesystem;
    std::ofstream(dir_.File("there")) << "text";
    fs::create_hard_link(dir_.File("there"), dir_.File("hard"));
    fs::create_symlink("there", dir_.File("link"));
    fs::create_symlink("not-there", dir_.File("dangling"));
    fs::create_directory_symlink(".", dir_.File("here"));
  }

  [[nodiscard]] std::string Refusal(const std::string& one, const std::string& other) const {
    const Status status =
        CheckDistinct({{"--save", dir_.File(one)}, {"--json-file", dir_.File(other)}});
    return status ? "" : status.error().message;
  }

  TempDir dir_;
};

TEST_F(CheckDistinctTest, RefusesOneFileByWhateverPath) {
  const std::vector<std::pair<std::string, std::string>> same = {{"x", "x"},
                                                                 {"x", "./x"},
                                                                 {"x", "here/x"},
                                                                 {"x", "y/../x"},
                                                                 {"there", "hard"},
                                                                 {"there", "link"},
                                                                 {"not-there", "dangling"},
                                                                 {"link", "hard"},
                                                                 {"here/x", "./here/x"}};
  for (const auto& [one, other] : same) {
    EXPECT_EQ(Refusal(one, other), "--save and --json-file name the same file, '" + dir_.File(one) +
                                       "': one would overwrite the other")
        << one << " " << other;
  }
}

TEST_F(CheckDistinctTest, TakesFilesThatDiffer) {
  for (const auto& [one, other] : {std::pair("x", "y"), std::pair("there", "dangling")}) {
    EXPECT_EQ(Refusal(one, other), "") << one << " " << other;
  }
  EXPECT_TRUE(CheckDistinct({{"--save", ""}, {"--json-file", ""}}));
}

TEST_F(CheckDistinctTest, TakesWhatKeepsWhatManyWrite) {
  for (const char* path : {"/dev/null", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"}) {
    EXPECT_TRUE(CheckDistinct({{"--save", path}, {"--json-file", path}})) << path;
  }
}

TEST_F(CheckDistinctTest, RefusesAnInputOnlyWhereItIsWritten) {
  const std::string path = dir_.File("there");
  EXPECT_TRUE(CheckDistinct({{"FILE", path, FileUse::kRead}, {"FILE", path, FileUse::kRead}}));
  EXPECT_TRUE(CheckDistinct({{"PLAN", path, FileUse::kRead}, {"scenario", path, FileUse::kRead}}));
  EXPECT_FALSE(CheckDistinct({{"PLAN", path, FileUse::kRead}, {"--save", path}}));
}

TEST(NamedFiles, KnowWhatAPrefixStandsFor) {
  std::vector<NamedFile> files = LocustCsvFiles("p");
  ASSERT_EQ(files.size(), 4U);
  for (const NamedFile& csv : files) {
    EXPECT_FALSE(CheckDistinct({csv, {"--json-file", csv.path}})) << csv.path;
  }
  EXPECT_EQ(files[0].path, "p_stats.csv");
  EXPECT_TRUE(CheckDistinct(files));
  ReportFlags flags;
  EXPECT_TRUE(CheckDistinct(FilesOf(flags)));
  flags.csv_prefix = "p";
  flags.html_file = "p_comparison.csv";
  EXPECT_FALSE(CheckDistinct(FilesOf(flags)));
}

}  // namespace
}  // namespace sqlicorn::loadgen
