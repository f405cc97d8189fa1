// SPDX-License-Identifier: MIT
#include "loadgen/compare/audit.h"

#include <gtest/gtest.h>

#include "tests/loadgen/audit_rows.h"

namespace sqlicorn::loadgen {
namespace {

// Two of them.
RowsBefore ThereBefore() {
  RowsBefore before;
  before.Add({{"id", "there before"}});
  before.Add({{"id", ""}});
  before.Close();
  return before;
}

Audit Judge(const std::vector<Fate>& fates, const std::vector<std::string>& rows) {
  const AckLedger ledger = Ledger(fates);
  const RowsBefore before = ThereBefore();
  RowTally tally("0123abcd", ledger.issued(), before);
  tally.Add({{"id", "there before"}});
  tally.Add({{"id", ""}});
  for (const std::string& row : rows) {
    tally.Add({{"id", row}});
  }
  return JudgeById(ledger, tally);
}

Verdict Numbers(const Audit& audit) {
  return {audit.acknowledged, audit.rows,        audit.lost,
          audit.duplicates,   audit.unexplained, audit.unacknowledged};
}

struct Case {
  std::string what;
  std::vector<Fate> fates;
  std::vector<std::string> rows;
  Verdict verdict;
};

const std::vector<Case> kCases = {
    {"nothing sent", {}, {}, {0, 0, 0, 0, 0, 0}},
    {"all there",
     {Fate::kAcknowledged, Fate::kAcknowledged},
     {RowOf(2), RowOf(1)},
     {2, 2, 0, 0, 0, 0}},
    {"one lost", {Fate::kAcknowledged, Fate::kAcknowledged}, {RowOf(2)}, {2, 1, 1, 0, 0, 0}},
    {"there three times",
     {Fate::kAcknowledged},
     {RowOf(1), RowOf(1), RowOf(1)},
     {1, 3, 0, 2, 0, 0}},
    {"failed and not there", {Fate::kFailed, Fate::kUnanswered}, {}, {0, 0, 0, 0, 0, 0}},
    {"failed and there all the same",
     {Fate::kFailed, Fate::kUnanswered},
     {RowOf(1), RowOf(2)},
     {0, 2, 0, 0, 0, 2}},
    {"failed and there twice", {Fate::kFailed}, {RowOf(1), RowOf(1)}, {0, 2, 0, 1, 0, 1}},
    {"a row of a request that reads", {Fate::kNoWrite}, {RowOf(1), RowOf(1)}, {0, 2, 0, 0, 2, 0}},
    {"an id never sent", {Fate::kAcknowledged}, {RowOf(1), RowOf(2)}, {1, 2, 0, 0, 1, 0}},
    {"an id of zero", {Fate::kAcknowledged}, {RowOf(1), RowOf(0)}, {1, 2, 0, 0, 1, 0}},
    {"another run's id",
     {Fate::kAcknowledged},
     {RowOf(1), "Name 0 #ffffffff-0000000001"},
     {1, 2, 0, 0, 1, 0}},
    {"a cut id", {Fate::kAcknowledged}, {"Name 0 #0123abcd-00000001"}, {1, 1, 1, 0, 1, 0}},
};

TEST(AuditById, TellsLostDuplicateAndUnexplainedRows) {
  for (const Case& c : kCases) {
    EXPECT_EQ(Numbers(Judge(c.fates, c.rows)), c.verdict) << c.what;
  }
}

TEST(AuditById, AccountsForEveryRow) {
  for (const Case& c : kCases) {
    const Audit audit = Judge(c.fates, c.rows);
    EXPECT_EQ(audit.rows, audit.acknowledged - audit.lost + audit.duplicates +
                              audit.unacknowledged + audit.unexplained)
        << c.what;
  }
}

TEST(AuditById, IsCleanWhenNothingIsLostDuplicateOrUnexplained) {
  EXPECT_TRUE(Judge({Fate::kAcknowledged, Fate::kFailed}, {RowOf(1), RowOf(2)}).clean());
  EXPECT_FALSE(Judge({Fate::kAcknowledged}, {}).clean());
  EXPECT_FALSE(Judge({Fate::kAcknowledged}, {RowOf(1), RowOf(1)}).clean());
  EXPECT_FALSE(Judge({}, {"what is this"}).clean());
}

TEST(AuditById, MissesTheRowsThatWereThereBefore) {
  const RowsBefore before = ThereBefore();
  const RowTally tally("0123abcd", 0, before);
  EXPECT_EQ(JudgeById(AckLedger(), tally).lost, 2U);
}

TEST(AuditById, NamesAFewExamples) {
  const Audit audit = Judge(std::vector<Fate>(9, Fate::kAcknowledged), {RowOf(1), RowOf(1)});
  EXPECT_EQ(audit.examples,
            (std::vector<std::string>{"write 1 is there 2 times",
                                      "write 2 was acknowledged and is not there",
                                      "write 3 was acknowledged and is not there"}));
}

// So many rows before, and those and some more after it.
Audit Count(const AckLedger& ledger, int after, int before) {
  RowsBefore there;
  for (int i = 0; i < before; ++i) {
    there.Add({{"id", std::to_string(i)}});
  }
  there.Close();
  RowTally tally("0123abcd", ledger.issued(), there);
  for (int i = 0; i < after; ++i) {
    tally.Add({{"id", std::to_string(i)}});
  }
  return JudgeByCount(ledger, tally);
}

TEST(AuditByCount, ComparesNumbersAlone) {
  const AckLedger ledger =
      Ledger({Fate::kAcknowledged, Fate::kAcknowledged, Fate::kFailed, Fate::kUnanswered});
  EXPECT_EQ(Numbers(Count(ledger, 5 + 1, 5)), (Verdict{2, 1, 1, 0, 0, 0}));
  EXPECT_EQ(Numbers(Count(ledger, 5 + 2, 5)), (Verdict{2, 2, 0, 0, 0, 0}));
  EXPECT_EQ(Numbers(Count(ledger, 5 + 4, 5)), (Verdict{2, 4, 0, 0, 0, 2}));
  EXPECT_EQ(Numbers(Count(ledger, 5 + 5, 5)), (Verdict{2, 5, 0, 0, 1, 2}));
  EXPECT_EQ(Numbers(Count(ledger, 0, 5)), (Verdict{2, 0, 2, 0, 0, 0}));
  EXPECT_EQ(Count(ledger, 0, 5).altered, 5U);
  EXPECT_EQ(Count(ledger, 5 + 2, 5).altered, 0U);
}

TEST(Audit, AddsUp) {
  Audit sum;
  sum.Merge(Judge({Fate::kAcknowledged}, {}));
  sum.Merge(Judge({Fate::kAcknowledged, Fate::kFailed}, {RowOf(1), RowOf(1), RowOf(2), RowOf(3)}));
  EXPECT_EQ(Numbers(sum), (Verdict{2, 4, 1, 1, 1, 1}));
  EXPECT_EQ(sum.method, AuditMethod::kById);
}

TEST(AuditMethod, NeedsAUniqueValueInEveryWrite) {
  Scenario scenario;
  scenario.tasks.resize(2);
  EXPECT_EQ(MethodFor(scenario), AuditMethod::kById);
  scenario.tasks[1].writes = true;
  EXPECT_EQ(MethodFor(scenario), AuditMethod::kByCount);
  scenario.tasks[1].unique = true;
  EXPECT_EQ(MethodFor(scenario), AuditMethod::kById);
}

TEST(AuditMethod, DoesNotApplyWhereRowsMayRightlyBeGone) {
  Scenario scenario;
  scenario.tasks.resize(2);
  EXPECT_EQ(WhyNotAudited(scenario), "no task of the scenario inserts a row (writes = true)");
  scenario.tasks[0].writes = true;
  EXPECT_EQ(WhyNotAudited(scenario), "");
  scenario.tasks[1].method = "DELETE";
  scenario.tasks[1].name = "/note/";
  scenario.tasks[1].writes = true;
  scenario.tasks[1].effect = Effect::kElsewhere;
  EXPECT_EQ(WhyNotAudited(scenario), "");
  scenario.tasks[1].effect = Effect::kChange;
  EXPECT_NE(WhyNotAudited(scenario).find("DELETE /note/ updates or deletes"), std::string::npos);
  scenario.tasks[1].effect = Effect::kUnsaid;
  EXPECT_NE(WhyNotAudited(scenario).find("does not say what DELETE /note/ writes"),
            std::string::npos);
  scenario.tasks[1].weight = 0;
  EXPECT_EQ(WhyNotAudited(scenario), "");
}

TEST(JudgeRows, TellsWhereNoneOfTheWritesIsShown) {
  Scenario scenario;
  scenario.tasks.resize(1);
  scenario.tasks[0].writes = true;
  for (const bool unique : {true, false}) {
    scenario.tasks[0].unique = unique;
    const AckLedger ledger = Ledger({Fate::kAcknowledged, Fate::kAcknowledged});
    RowsBefore before;
    before.Add({{"id", "there before"}});
    before.Close();
    RowTally count("0123abcd", ledger.issued(), before);
    count.Add({{"id", "2"}});
    const Audit none = JudgeRows(scenario, ledger, count);
    EXPECT_TRUE(none.shows_none()) << unique;
    EXPECT_FALSE(none.proves_query()) << unique;
    EXPECT_EQ(ShowsNoneText(none).substr(0, 60),
              "the audit query shows none of the 2 acknowledged writes: it ");
    RowTally rows("0123abcd", ledger.issued(), before);
    rows.Add({{"id", "there before"}});
    rows.Add({{"id", RowOf(1)}});
    const Audit one = JudgeRows(scenario, ledger, rows);
    EXPECT_EQ(one.lost, 1U) << unique;
    EXPECT_FALSE(one.shows_none()) << unique;
    EXPECT_TRUE(one.proves_query()) << unique;
  }
}

TEST(Audit, ProvesNoQueryWhereNothingWasAcknowledged) {
  EXPECT_FALSE(Audit().proves_query());
  EXPECT_FALSE(Audit().shows_none());
  EXPECT_EQ(VerdictText({AuditMethod::kById}), "nothing audited");
  Audit gone = {AuditMethod::kById, 9};
  EXPECT_EQ(VerdictText(gone), "ok");
  gone.unreadable = "no such table: note";
  EXPECT_EQ(VerdictText(gone), "FAILED");
  EXPECT_FALSE(gone.proves_query());
}

// Else the rows of a server that writes elsewhere would be lost ones.
TEST(WhyNotAudited, TellsAServerThatIsNotToldItsDatabase) {
  PlanConfiguration ours;
  EXPECT_EQ(WhyNotAudited(ours), "");
  PlanConfiguration theirs;
  theirs.command.emplace();
  EXPECT_NE(WhyNotAudited(theirs).find("runs already"), std::string::npos);
  theirs.command->argv = {"server", "-b", "{port}", "{directory}/log"};
  EXPECT_NE(WhyNotAudited(theirs).find("names {database}"), std::string::npos);
  theirs.command->environment = {"DATABASE={database}"};
  EXPECT_EQ(WhyNotAudited(theirs), "");
  theirs.command->environment.clear();
  theirs.command->argv.emplace_back("--set=path={database}");
  EXPECT_EQ(WhyNotAudited(theirs), "");
  theirs.command->argv.back() = "{directory}/sqlicorn.db";
  EXPECT_EQ(WhyNotAudited(theirs), "");
}

}  // namespace
}  // namespace sqlicorn::loadgen
