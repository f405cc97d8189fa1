// SPDX-License-Identifier: MIT
#include "loadgen/compare/audit_rehearsal.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include <fmt/format.h>

#include "loadgen/compare/audit.h"

namespace sqlicorn::loadgen {
namespace {

const PlanConfiguration* FirstOfOurs(const RunSetup& setup) {
  const auto& all = setup.plan.configurations;
  const auto found = std::find_if(all.begin(), all.end(),
                                  [](const auto& each) { return !each.command && each.audited; });
  const bool audits = !setup.plan.audit.empty() && WhyNotAudited(setup.scenario).empty();
  return audits && found != all.end() ? &*found : nullptr;
}

}  // namespace

AuditRehearsal::AuditRehearsal(const RunSetup& setup, const std::string& directory,
                               std::function<void(const Status&)> on_end)
    : setup_(setup),
      configuration_(FirstOfOurs(setup)),
      directory_(directory + "/rehearsal/"),
      on_end_(std::move(on_end)),
      turn_(setup.loop, [this] {
        if (configuration_ == nullptr || server_ != nullptr) {
          End();
        } else {
          StartServer();
        }
      }) {}

void AuditRehearsal::Start() {
  turn_.Start(Duration::zero());
}

Status AuditRehearsal::MakeFiles() const {
  std::error_code error;
  if (!std::filesystem::create_directory(directory_, error)) {
    return SystemError(fmt::format("cannot make the directory '{}'", directory_), error.value());
  }
  return setup_.prepared.empty() ? Status()
                                 : CopyDatabase(setup_.prepared, directory_ + kDatabaseName);
}

void AuditRehearsal::StartServer() {
  const Result<std::uint16_t> port = FreePort();
  if (!port || !MakeFiles()) {
    End();
    return;
  }
  ServerObserver* observer = this;
  server_ = std::make_unique<ServerProcess>(
      setup_.loop, ServerCommand(setup_, *configuration_, directory_, *port), observer);
  if (!server_->Start()) {
    turn_.Start(Duration::zero());
  }
}

void AuditRehearsal::OnServerReady() {
  ProgramRun::Command command;
  command.argv = QuestionArguments(setup_, *configuration_, directory_);
  command.argv.insert(command.argv.end(), {"--query", setup_.plan.audit});
  command.stdout_path = directory_ + "rows.json";
  command.stderr_path = directory_ + "rows.log";
  question_ = std::make_unique<ProgramRun>(setup_.loop, std::move(command),
                                           [this](const Status& status) { Stop(status); });
  if (const Status started = question_->Start(); !started) {
    Stop(started);
  }
}

void AuditRehearsal::Stop(const Status& answer) {
  answer_ = answer;
  server_->Stop();
}

void AuditRehearsal::OnServerEnded(const Status&) {
  turn_.Start(Duration::zero());
}

// The files of a run that nobody measured are of no use.
void AuditRehearsal::End() {
  question_.reset();
  server_.reset();
  std::error_code ignored;
  std::filesystem::remove_all(directory_, ignored);
  const auto on_end = std::move(on_end_);
  on_end(answer_ ? Status()
                 : answer_.error().In("the audit's query").In(setup_.plan.audit_place.ToString()));
}

}  // namespace sqlicorn::loadgen
