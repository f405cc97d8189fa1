// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <functional>

#include "common/base/process.h"
#include "common/base/result.h"
#include "common/config/server_config.h"
#include "master/fleet/children.h"
#include "master/generations.h"
#include "master/process/events.h"
#include "master/process/process_spawner.h"
#include "master/start/shared_state.h"
#include "master/start/surroundings.h"
#include "worker/run_worker.h"

namespace sqlicorn {

// The children as they are: forked off this process, each with the identity of its generation and
// without what only the master may hold open. Decides nothing about them.
class ForkedChildren : public Children {
 public:
  // All of it outlives this object.
  struct Parts {
    MasterOnly& master;
    const SignalQueue& signals;
    const SharedState& shared;
    const ProgramStart& start;  // what a second master is started from
    Surroundings& surroundings;
  };

  explicit ForkedChildren(const Parts& parts) : parts_(parts), spawner_(parts.signals) {}

  [[nodiscard]] Result<pid_t> StartWorker(const WorkerStart& start) override;
  [[nodiscard]] bool WantsCheckpointer() const override;
  [[nodiscard]] Result<pid_t> StartCheckpointer() override;
  [[nodiscard]] Result<pid_t> StartLastClose() override;
  [[nodiscard]] bool HasLog() const override;
  [[nodiscard]] Result<pid_t> StartPreparation() override;
  [[nodiscard]] Result<pid_t> StartSuccessor() override;
  void Signal(pid_t pid, int signal) override;
  [[nodiscard]] std::optional<ChildEnd> Reap() override;
  [[nodiscard]] pid_t Parent() const override;

 private:
  [[nodiscard]] Result<pid_t> Start(const Generation& generation,
                                    const std::function<ExitCode()>& body);

  [[nodiscard]] const Generation& serving() const { return parts_.master.generations.serving(); }

  [[nodiscard]] ServedFiles Served() const;

  // In a child.
  [[nodiscard]] ExitCode TryOut(const ServerConfig& candidate);
  void OnNewsInWorker();

  Parts parts_;
  ProcessSpawner spawner_;
};

}  // namespace sqlicorn
