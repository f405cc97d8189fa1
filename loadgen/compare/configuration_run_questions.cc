// SPDX-License-Identifier: MIT
// What a run asks its server, and the program that reads its database.
#include <utility>

#include "common/base/socket_address.h"
#include "loadgen/compare/configuration_run.h"

namespace sqlicorn::loadgen {

// Of a server that is not ours nobody knows what its connections have set.
void ConfigurationRun::AskPragmas() {
  if (configuration().command) {
    AskRowsBefore();
  } else {
    Ask("pragmas", {"--print-pragmas"}, &ConfigurationRun::TakePragmas);
  }
}

void ConfigurationRun::Ask(const std::string& name, const std::vector<std::string>& question,
                           Step then) {
  ProgramRun::Command command;
  command.argv = QuestionArguments(setup_, configuration(), directory_);
  command.argv.insert(command.argv.end(), question.begin(), question.end());
  command.stdout_path = FileOf(name + ".json");
  command.stderr_path = FileOf(name + ".log");
  const bool asks_audit = question.front() == "--query";
  question_ = std::make_unique<ProgramRun>(setup_.loop, std::move(command),
                                           [this, asks_audit, then](const Status& status) {
                                             if (status.ok()) {
                                               Later(then);
                                             } else if (asks_audit) {
                                               FailAudit(status.error());
                                             } else {
                                               Fail(status.error());
                                             }
                                           });
  if (const Status started = question_->Start(); !started) {
    Fail(started.error());
  }
}

void ConfigurationRun::TakePragmas() {
  Result<Pragmas> pragmas = ReadPragmas(FileOf("pragmas.json"));
  if (!pragmas) {
    Fail(pragmas.error());
    return;
  }
  pragmas_ = *std::move(pragmas);
  AskRowsBefore();
}

void ConfigurationRun::AskRowsBefore() {
  if (audits()) {
    Ask("rows-before", {"--query", setup_.plan.audit}, &ConfigurationRun::TakeRowsBefore);
  } else {
    CheckAnswers();
  }
}

void ConfigurationRun::TakeRowsBefore() {
  const Status read =
      ReadRows(FileOf("rows-before.json"), [this](const Row& row) { rows_before_.Add(row); });
  rows_before_.Close();
  if (!read) {
    Fail(read.error());
    return;
  }
  CheckAnswers();
}

void ConfigurationRun::CheckAnswers() {
  answer_check_ = std::make_unique<AnswerCheck>(setup_.loop, setup_.scenario,
                                                UrlOf(configuration(), directory_, port_),
                                                [this](std::vector<Answer> answers) {
                                                  answers_ = std::move(answers);
                                                  Go(RunEvent::kDone);
                                                });
  answer_check_->Start();
}

// A server that does not tell costs the report some columns, not the run.
void ConfigurationRun::AskTurns(std::function<void(std::optional<WriteTurns>)> take) {
  const auto socket = SocketAddress::Unix(ControlSocketIn(directory_));
  if (!socket || configuration().command) {
    take(std::nullopt);
    return;
  }
  turns_question_ = std::make_unique<ControlQuestion>(
      setup_.loop, *socket, "show histograms",
      [take = std::move(take)](const Result<std::string>& reply) {
        Result<WriteTurns> turns = reply ? ParseWriteTurns(*reply) : reply.error();
        take(turns ? std::make_optional(*std::move(turns)) : std::nullopt);
      });
  turns_question_->Start();
}

// The server counts the writes of late answers too.
void ConfigurationRun::AskTurnsAfter() {
  AskTurns([this](const std::optional<WriteTurns>& after) {
    if (after && turns_before_) {
      turns_ = after->Since(*turns_before_);
    }
    Go(RunEvent::kDone);
  });
}

void ConfigurationRun::AskRows() {
  if (runner_ && audits()) {
    Ask("rows", {"--query", setup_.plan.audit}, &ConfigurationRun::TakeRows);
  } else {
    audit_.why_not = why_not_audited_;
    Go(RunEvent::kDone);
  }
}

void ConfigurationRun::TakeRows() {
  const RunResult result = runner_->result();
  RowTally tally(result.run_id, result.ledger.issued(), rows_before_,
                 ExpectedRows(setup_.scenario));
  const Status read = ReadRows(FileOf("rows.json"), [&tally](const Row& row) { tally.Add(row); });
  if (!read) {
    FailAudit(read.error());
    return;
  }
  audit_ = JudgeRows(setup_.scenario, result.ledger, tally);
  if (audit_.shows_none()) {
    AddFailure(Error{ShowsNoneText(audit_)}.In(setup_.plan.audit_place.ToString()));
    Go(RunEvent::kFailed);
    return;
  }
  Go(RunEvent::kDone);
}

// The query could be asked before the load, so after it the database is what is wrong. Nothing is
// known of the rows then but what was to be there.
void ConfigurationRun::FailAudit(const Error& error) {
  if (state_ == RunState::kAuditing) {
    audit_.method = MethodFor(setup_.scenario);
    audit_.acknowledged = runner_->result().ledger.Count(AckLedger::Fate::kAcknowledged);
    audit_.unreadable = audit_.acknowledged > 0 ? error.message : "";
  }
  AddFailure(error.In(setup_.plan.audit_place.ToString()));
  Go(RunEvent::kFailed);
}

}  // namespace sqlicorn::loadgen
