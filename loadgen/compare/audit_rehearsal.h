// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "common/base/result.h"
#include "common/uv/watchers.h"
#include "loadgen/server/program_run.h"
#include "loadgen/server/server_command.h"
#include "loadgen/server/server_process.h"

namespace sqlicorn::loadgen {

// Asks the audit's query once before anything is measured, of a fresh database of the first
// configuration that is ours: a mistake in it is one of the plan. Does nothing where there is no
// such configuration, or no audit. That the server does not start is no news of the audit; its run
// will tell.
class AuditRehearsal final : private ServerObserver {
 public:
  // Makes a directory in `directory`. `on_end` is called once, from the loop; it may destroy this
  // object. `setup` and what it refers to outlive it.
  AuditRehearsal(const RunSetup& setup, const std::string& directory,
                 std::function<void(const Status&)> on_end);
  ~AuditRehearsal() override = default;
  AuditRehearsal(const AuditRehearsal&) = delete;
  AuditRehearsal& operator=(const AuditRehearsal&) = delete;

  void Start();

 private:
  void OnServerReady() override;
  void OnServerEnded(const Status& status) override;

  void StartServer();
  [[nodiscard]] Status MakeFiles() const;
  void Stop(const Status& answer);
  void End();

  RunSetup setup_;
  const PlanConfiguration* configuration_;  // nullptr = nothing to be asked
  std::string directory_;                   // ends with '/'
  std::function<void(const Status&)> on_end_;
  Timer turn_;
  Status answer_;
  std::unique_ptr<ServerProcess> server_;
  std::unique_ptr<ProgramRun> question_;
};

}  // namespace sqlicorn::loadgen
