// SPDX-License-Identifier: MIT
#include "common/ipc/doorbell.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

namespace sqlicorn {

Result<Doorbell> Doorbell::Create() {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) {
    return SystemError("pipe", errno);
  }
  return Doorbell(UniqueFd(ends[0]), UniqueFd(ends[1]));
}

void Doorbell::Ring() const {
  // A full pipe rings already.
  [[maybe_unused]] const ssize_t sent = write(ring_.get(), "!", 1);
}

void Doorbell::Silence() const {
  char rings[64];
  while (read(listen_.get(), rings, sizeof(rings)) > 0) {
  }
}

}  // namespace sqlicorn
