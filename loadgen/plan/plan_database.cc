// SPDX-License-Identifier: MIT
#include "loadgen/plan/plan_database.h"

#include <cctype>
#include <cstdint>
#include <vector>

#include "common/base/file.h"

namespace sqlicorn::loadgen {
namespace {

constexpr std::int64_t kMaxPreparedRows = 100'000'000;

std::vector<std::string> WordsInCapitals(std::string_view statement) {
  std::vector<std::string> words(1);
  for (const char c : statement) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0 || c == '_') {
      words.back().push_back(static_cast<char>(std::toupper(byte)));
    } else if (!words.back().empty()) {
      words.emplace_back();
    }
  }
  return words;
}

}  // namespace

bool IsFill(std::string_view statement) {
  const std::vector<std::string> words = WordsInCapitals(statement);
  bool selects = false;
  for (const std::string& word : words) {
    selects = selects || word == "SELECT";
  }
  return selects && (words.front() == "INSERT" || words.front() == "REPLACE");
}

PlanDatabase ReadDatabase(const Value& table, const std::string& directory, Faults* faults) {
  TableReader reader(table, "database");
  PlanDatabase database;
  database.place = table.place;
  if (reader.Read("copy_from", &database.copy_from)) {
    database.copy_from = ResolvePath(directory, database.copy_from);
    database.place = reader.Find("copy_from")->place;
  }
  std::int64_t rows = 0;
  const bool filled = reader.Read("fill", &database.fill);
  if (filled && !IsFill(database.fill)) {
    reader.FailWanted("fill", "an INSERT with a SELECT from n");
  }
  if (reader.ReadInRange("rows", Range<std::int64_t>{1, kMaxPreparedRows}, &rows)) {
    database.rows = static_cast<std::uint64_t>(rows);
  }
  if (filled != (rows > 0)) {
    reader.Fail(table.place,
                "'rows' and 'fill' go together: fill = \"INSERT INTO t (a) SELECT "
                "'row ' || i FROM n\", with i from 1 to rows");
  }
  if (filled && !database.copy_from.empty()) {
    reader.Fail(table.place, "'copy_from' is a database that is filled already");
  }
  reader.FinishInto(faults);
  return database;
}

}  // namespace sqlicorn::loadgen
