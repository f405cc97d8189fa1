// SPDX-License-Identifier: MIT
#include "worker/answer/accept.h"

#include <gtest/gtest.h>

namespace sqlicorn {
namespace {

TEST(Accept, PrefersTheMostSpecificRange) {
  const struct {
    const char* accept;
    const char* type;
    int quality;
  } rows[] = {
      {"", "text/csv", 1000},
      {"*/*", "text/csv", 1000},
      {"text/csv", "text/csv", 1000},
      {"TEXT/CSV", "text/csv", 1000},
      {"text/csv", "text/plain", 0},
      {"text/*;q=0.25", "text/plain", 250},
      {"text/*;q=0.25, text/plain;q=0.5, */*", "text/plain", 500},
      {"*/*, text/plain ; q=0", "text/plain", 0},
      {"text/plain;format=flowed;q=0.125", "text/plain", 125},
      {"text/plain;q=1.000", "text/plain", 1000},
      {"text/plain;q=9", "text/plain", 1000},
      {"text/plain;q=nonsense", "text/plain", 1000},
      {"text/plain;q=", "text/plain", 1000},
      {"text/plain;q=0.9999999", "text/plain", 999},
      {";;,,q=0", "text/plain", 0},
      {"text", "text/plain", 0},
      {"*", "text/plain", 0},
      {"text/", "text/plain", 0},
  };

  for (const auto& row : rows) {
    EXPECT_EQ(QualityOf(row.accept, row.type), row.quality) << row.accept;
  }
}

TEST(Accept, ChoosesTheFormOfRows) {
  EXPECT_EQ(RowFormatFor(""), RowFormat::kJson);
  EXPECT_EQ(RowFormatFor("*/*"), RowFormat::kJson);
  EXPECT_EQ(RowFormatFor("text/html"), RowFormat::kJson) << "who wants none of them gets JSON";
  EXPECT_EQ(RowFormatFor("text/csv"), RowFormat::kCsv);
  EXPECT_EQ(RowFormatFor("text/csv, application/json"), RowFormat::kJson);
  EXPECT_EQ(RowFormatFor("text/csv, */*;q=0.1"), RowFormat::kCsv);
  EXPECT_EQ(RowFormatFor("application/x-ndjson"), RowFormat::kNdjson);
  EXPECT_EQ(RowFormatFor("text/csv;q=0.5, application/x-ndjson"), RowFormat::kNdjson);
}

TEST(Accept, ChoosesTheFormOfProblems) {
  EXPECT_EQ(ProblemFormatFor(""), ProblemFormat::kJson);
  EXPECT_EQ(ProblemFormatFor("text/plain"), ProblemFormat::kText);
  EXPECT_EQ(ProblemFormatFor("text/plain, */*"), ProblemFormat::kJson);
  EXPECT_EQ(ProblemFormatFor("application/json, text/plain;q=0.9"), ProblemFormat::kJson);
  EXPECT_EQ(ProblemFormatFor("text/html,application/xml;q=0.9,*/*;q=0.8"), ProblemFormat::kHtml);
  EXPECT_EQ(ProblemFormatFor("text/csv"), ProblemFormat::kJson);
}

}  // namespace
}  // namespace sqlicorn
