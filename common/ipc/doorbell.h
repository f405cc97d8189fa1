// SPDX-License-Identifier: MIT
#pragma once

#include "common/base/result.h"
#include "common/base/unique_fd.h"

namespace sqlicorn {

// Wakes one process, the master or its checkpointer, from any other. Says only that something has
// happened; what it was stands elsewhere in shared memory. Made by the master before its first
// fork, and heard by one process alone.
class Doorbell {
 public:
  [[nodiscard]] static Result<Doorbell> Create();

  // In a worker. Never blocks; any number of rings before it is heard is one.
  void Ring() const;

  // In the process that hears it: forgets the rings so far. Look at the shared memory after it, not
  // before.
  void Silence() const;

  // Readable while a ring has not been silenced.
  [[nodiscard]] int fd() const { return listen_.get(); }

 private:
  Doorbell(UniqueFd listen, UniqueFd ring) : listen_(std::move(listen)), ring_(std::move(ring)) {}

  UniqueFd listen_;
  UniqueFd ring_;
};

}  // namespace sqlicorn
