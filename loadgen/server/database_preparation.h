// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "common/base/result.h"
#include "common/uv/watchers.h"
#include "loadgen/server/server_command.h"
#include "loadgen/server/server_process.h"

namespace sqlicorn::loadgen {

// Makes the database that the runs of a plan begin with: our server makes the schema, fills the
// rows, and ends. Lives on the loop of the setup.
class DatabasePreparation final : private ServerObserver {
 public:
  // Files are made in `directory`. `on_end` is called once, from the loop, with the path of the
  // database. REQUIRES: the plan has a database. `setup` and what it refers to outlive this.
  DatabasePreparation(const RunSetup& setup, const std::string& directory,
                      std::function<void(const Result<std::string>&)> on_end);

  void Start();

 private:
  void OnServerReady() override;
  void OnServerEnded(const Status& status) override;

  [[nodiscard]] Status StartServer();
  void End(const Result<std::string>& path);

  RunSetup setup_;
  std::string directory_;  // ends with '/'
  std::function<void(const Result<std::string>&)> on_end_;
  Timer turn_;
  std::unique_ptr<ServerProcess> server_;
};

}  // namespace sqlicorn::loadgen
