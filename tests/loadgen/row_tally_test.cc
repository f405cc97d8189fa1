// SPDX-License-Identifier: MIT
// What an audit makes of the values of rows: of those that a run wrote, and of all others.
#include "loadgen/compare/row_tally.h"

#include <gtest/gtest.h>

#include "loadgen/scenario/text_template.h"
#include "tests/loadgen/audit_rows.h"

namespace sqlicorn::loadgen {
namespace {

struct OthersCase {
  std::string what;
  std::vector<std::string> before;
  std::vector<std::string> after;
  Verdict wrong;  // lost, altered, unexplained
  std::string example;
};

TEST(AuditOfOtherRows, ComparesTheirValues) {
  const std::vector<OthersCase> cases = {
      {"as they were", {"a", "b", "b"}, {"b", "a", "b"}, {0, 0, 0}, ""},
      {"one changed",
       {"a", "b"},
       {"a", "B"},
       {0, 1, 0},
       "1 rows from before the run are not as they were; there is id = 'B'"},
      {"one gone", {"a", "b"}, {"a"}, {1, 0, 0}, "1 rows from before the run are not there"},
      {"one more", {"a"}, {"a", "c"}, {0, 0, 1}, "1 rows carry no id of the run, such as id = 'c'"},
      {"the same once more",
       {"a"},
       {"a", "a"},
       {0, 0, 1},
       "1 rows carry no id of the run, such as one from before that is there more often now"},
      {"one changed and one more",
       {"a", "b"},
       {"a", "c", "d"},
       {0, 1, 1},
       "1 rows from before the run are not as they were; there is id = 'c'"},
      {"an id that is cut",
       {},
       {"Name 0 #0123abcd-0000"},
       {0, 0, 1},
       "1 rows carry no id of the run, such as id = 'Name 0 #0123abcd-0000', with its id cut "
       "short"},
      {"a run's mark that is cut",
       {},
       {"Name 0 #0123"},
       {0, 0, 1},
       "1 rows carry no id of the run, such as id = 'Name 0 #0123', with its id cut short"},
  };
  for (const OthersCase& c : cases) {
    RowsBefore before;
    for (const std::string& row : c.before) {
      before.Add({{"id", row}});
    }
    before.Close();
    RowTally tally("0123abcd", 0, before, {{std::string("Name 0 #") + kUniqueMark, {}}});
    for (const std::string& row : c.after) {
      tally.Add({{"id", row}});
    }
    const Audit audit = JudgeById(AckLedger(), tally);
    EXPECT_EQ((Verdict{audit.lost, audit.altered, audit.unexplained}), c.wrong) << c.what;
    EXPECT_EQ(audit.examples.empty() ? "" : audit.examples.front(), c.example) << c.what;
    EXPECT_EQ(audit.clean(), c.example.empty()) << c.what;
  }
}

// The unique value and three others; an id of the table that nobody sent.
Row Record(int id, const std::string& voice, const std::string& inside) {
  return {{"id", RowOf(id)}, {"voice", voice}, {"inside", inside}, {"rowid", "17"}};
}

struct ValueCase {
  std::string what;
  std::vector<Row> rows;
  std::uint64_t altered;
  AuditMethod method;
};

TEST(AuditByValue, ComparesTheColumnsThatWereSent) {
  Scenario scenario;
  scenario.tasks.resize(2);
  for (TaskSpec& task : scenario.tasks) {
    task.method = "POST";
    task.writes = true;
    task.unique = true;
  }
  scenario.tasks[0].content_type = "application/x-www-form-urlencoded";
  scenario.tasks[0].body = std::string("name=Name+0+%23") + kUniqueMark + "&voice=Voice+0&inside=0";
  scenario.tasks[1].content_type = "application/json";
  scenario.tasks[1].body =
      std::string(R"({"name":"Name 0 #)") + kUniqueMark + R"(","voice":"other","inside":1.5})";
  const std::vector<ValueCase> cases = {
      {"as sent", {Record(1, "Voice 0", "0"), Record(2, "other", "1.5")}, 0, AuditMethod::kByValue},
      {"a number as another text", {Record(1, "Voice 0", "0.0")}, 0, AuditMethod::kByValue},
      {"another text",
       {Record(1, "Voice 1", "0"), Record(2, "other", "1.5")},
       1,
       AuditMethod::kByValue},
      {"values of two tasks", {Record(1, "other", "0")}, 1, AuditMethod::kByValue},
      {"lost its value", {Record(1, "", "0")}, 1, AuditMethod::kByValue},
      {"the unique value cut at its begin",
       {{{"id", RowOf(1).substr(3)}, {"voice", "Voice 0"}}},
       1,
       AuditMethod::kByValue},
      {"the unique value alone, with more behind it",
       {{{"id", RowOf(1) + "!"}}},
       1,
       AuditMethod::kById},
      {"not of this run", {{{"id", "x"}, {"voice", "?"}}}, 0, AuditMethod::kById},
      {"no other column", {{{"id", RowOf(1)}}}, 0, AuditMethod::kById},
      {"a column that nobody sent", {{{"id", RowOf(1)}, {"rowid", "1"}}}, 0, AuditMethod::kById},
  };
  for (const ValueCase& c : cases) {
    const AckLedger ledger = Ledger({Fate::kAcknowledged, Fate::kAcknowledged});
    const RowsBefore none;
    RowTally tally("0123abcd", ledger.issued(), none, ExpectedRows(scenario));
    for (const Row& row : c.rows) {
      tally.Add(row);
    }
    const Audit audit = JudgeById(ledger, tally);
    EXPECT_EQ(audit.altered, c.altered) << c.what;
    EXPECT_EQ(audit.method, c.method) << c.what;
    EXPECT_EQ(audit.clean(), audit.lost + audit.unexplained + c.altered == 0) << c.what;
  }
}

// What the audit of one acknowledged write finds, with this row of it.
Audit JudgeOne(const Scenario& scenario, const Row& row) {
  const AckLedger ledger = Ledger({Fate::kAcknowledged});
  const RowsBefore none;
  RowTally tally("0123abcd", ledger.issued(), none, ExpectedRows(scenario));
  tally.Add(row);
  return JudgeById(ledger, tally);
}

TEST(AuditByValue, ComparesNothingThatIsDrawnForEachRequest) {
  Scenario scenario;
  scenario.tasks.resize(1);
  scenario.tasks[0].writes = scenario.tasks[0].unique = true;
  scenario.tasks[0].content_type = "application/x-www-form-urlencoded";
  scenario.tasks[0].body = std::string("name=Name+0+%23") + kUniqueMark + "&voice=";
  AppendMark(0, Encoding::kForm, &scenario.tasks[0].body);
  const Audit drawn = JudgeOne(scenario, Record(1, "whatever was drawn", "0"));
  EXPECT_EQ(drawn.method, AuditMethod::kById);
  EXPECT_TRUE(drawn.clean());
  scenario.tasks[0].body += "&inside=0";
  EXPECT_TRUE(JudgeOne(scenario, Record(1, "whatever was drawn", "0")).clean());
  EXPECT_EQ(JudgeOne(scenario, Record(1, "whatever was drawn", "1")).altered, 1U);
  EXPECT_EQ(JudgeOne(scenario, {{"id", RowOf(1).substr(1)}}).altered, 1U);
}

TEST(AuditByValue, ComparesWhatIsNotDrawnInJson) {
  Scenario scenario;
  scenario.tasks.resize(1);
  TaskSpec& task = scenario.tasks[0];
  task.writes = task.unique = true;
  task.content_type = "application/json";
  task.body = R"({"inside":)";
  AppendMark(0, Encoding::kJsonWhole, &task.body);
  task.body += R"(,"name":")";
  AppendMark(1, Encoding::kJsonText, &task.body);
  task.body += std::string(" #") + kUniqueMark + R"(","voice":"x"})";
  EXPECT_TRUE(JudgeOne(scenario, Record(1, "x", "17")).clean())
      << "the unique value has a drawn part";
  EXPECT_EQ(JudgeOne(scenario, Record(1, "y", "17")).altered, 1U);
}

TEST(AuditByValue, ComparesTheUniqueValueOfAQuery) {
  Scenario scenario;
  scenario.tasks.resize(1);
  TaskSpec& task = scenario.tasks[0];
  task.writes = task.unique = true;
  task.path = std::string("/add/?voice=loud&name=Name+0+%23") + kUniqueMark;
  EXPECT_TRUE(JudgeOne(scenario, Record(1, "no column of the query", "0")).clean());
  EXPECT_EQ(JudgeOne(scenario, {{"id", RowOf(1) + " "}}).altered, 1U);
}

TEST(AuditByValue, ExpectsNothingOfTasksThatInsertNoUniqueRow) {
  Scenario scenario;
  scenario.tasks.resize(1);
  scenario.tasks[0].content_type = "application/x-www-form-urlencoded";
  scenario.tasks[0].body = "a=b";
  EXPECT_TRUE(ExpectedRows(scenario).empty());
  scenario.tasks[0].writes = true;
  EXPECT_TRUE(ExpectedRows(scenario).empty());
}

}  // namespace
}  // namespace sqlicorn::loadgen
