// SPDX-License-Identifier: MIT
#pragma once

#include "common/base/result.h"
#include "common/base/unique_fd.h"

namespace sqlicorn {

// Wakes one process, the one that made it, from any of its children. Says only that something has
// happened; what it was stands elsewhere in shared memory. Made before the first fork.
class Doorbell {
 public:
  [[nodiscard]] static Result<Doorbell> Create();

  // In a child. Never blocks; rings before the owner has looked count once.
  void Ring() const;

  // In the owner: forgets the rings so far. Look at the shared memory after it, not before.
  void Silence() const;

  // Readable while a ring has not been silenced.
  [[nodiscard]] int fd() const { return listen_.get(); }

 private:
  Doorbell(UniqueFd listen, UniqueFd ring) : listen_(std::move(listen)), ring_(std::move(ring)) {}

  UniqueFd listen_;
  UniqueFd ring_;
};

}  // namespace sqlicorn
