// SPDX-License-Identifier: MIT
#include <memory>
#include <utility>
#include <vector>

#include "common/http/url.h"
#include "loadgen/run/failure_text.h"
#include "loadgen/run/runner.h"

namespace sqlicorn::loadgen {

void Runner::MakeContext(const Url& url, std::vector<SocketAddress> addresses) {
  context_ = std::make_unique<UserContext>(
      UserContext{loop_,
                  scenario_,
                  std::move(addresses),
                  options_.seed,
                  {},
                  KindsOf(scenario_),
                  RunValues(scenario_.values, options_.run_id),
                  NeedsSessions(scenario_),
                  KeptBodyBytes(scenario_),
                  {},
                  this,
                  options_.longest_pause,
                  NoAnswerText(url.address, url.port, ToSeconds(options_.timeout)),
                  NoConnectionText(url.address, ToSeconds(options_.timeout)),
                  watch_.receive_lag(),
                  dispatcher_.get(),
                  ReplayCursor(scenario_.replay ? &*scenario_.replay : nullptr)});
  for (const TaskSpec& task : scenario_.tasks) {
    context_->templates.emplace_back(task, url, options_.run_id);
  }
}

}  // namespace sqlicorn::loadgen
