// SPDX-License-Identifier: MIT
#include "master/generations.h"

#include <unistd.h>

#include <algorithm>
#include <utility>

#include "common/base/result.h"

namespace sqlicorn {

Generations::Generations(Generation first)
    : serving_(std::make_unique<Generation>(std::move(first))) {
  serving_->number = ++last_number_;
}

std::vector<int> Generations::ListenersOfOthers() const {
  const std::vector<int> own = serving_->listeners->fds();
  std::vector<int> others;
  for (const Generation* generation : {candidate_.get(), former_.get()}) {
    if (generation == nullptr) {
      continue;
    }
    for (const int fd : generation->listeners->fds()) {
      if (std::find(own.begin(), own.end(), fd) == own.end()) {
        others.push_back(fd);
      }
    }
  }
  return others;
}

void Generations::Propose(Generation candidate) {
  CHECK(!preparing() && !replacing());
  candidate_ = std::make_unique<Generation>(std::move(candidate));
  candidate_->number = ++last_number_;
}

// Now, and not when the new workers serve: whatever the master starts or says from here on is of
// the new one. That it may have to go back is what `former` is kept for.
void Generations::Start() {
  CHECK(preparing());
  former_ = std::exchange(serving_, std::exchange(candidate_, nullptr));
}

// Whatever the generation had obtained for itself alone (pid file, sockets) goes with it here. What
// it shares with the one that stays has another owner.
void Generations::Abandon() {
  candidate_.reset();
  if (replacing()) {
    serving_ = std::exchange(former_, nullptr);
  }
}

// All of them, as a reload may be under way. One that cannot be renamed must not keep the others
// from their names; two generations that share one rename it twice, which does nothing.
Status Generations::PromotePidfiles() const {
  Status result;
  for (const Generation* generation : WithPidfile()) {
    Status renamed = generation->pidfile->Rename(generation->config.server.pidfile);
    result = result ? std::move(renamed) : std::move(result);
  }
  return result;
}

// Plain descriptors are closed and no object is destroyed: those are the master's, whose files and
// sockets their destructors would take away.
void Generations::LeaveInChild() const {
  for (const Generation* generation : WithPidfile()) {
    generation->pidfile->LeaveInChild();
  }
  for (const int fd : ListenersOfOthers()) {
    close(fd);
  }
}

std::vector<const Generation*> Generations::WithPidfile() const {
  std::vector<const Generation*> found = {candidate_.get(), serving_.get(), former_.get()};
  std::erase_if(found, [](const Generation* generation) {
    return generation == nullptr || generation->pidfile == nullptr;
  });
  return found;
}

void MasterOnly::LeaveInChild() {
  if (control) {
    control->LeaveInChild();
  }
  last_words.LeaveInChild();
  if (launch != nullptr) {
    launch->LeaveInChild();
  }
  generations.LeaveInChild();
}

}  // namespace sqlicorn
