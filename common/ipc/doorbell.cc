// SPDX-License-Identifier: MIT
#include "common/ipc/doorbell.h"

#include <sys/socket.h>

#include <array>
#include <cerrno>

namespace sqlicorn {

Result<Doorbell> Doorbell::Create() {
  // Not a pipe: what is asked here call by call, not to block, is a flag of a pipe's end, which
  // every child that has it could change for all.
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    return SystemError("socketpair", errno);
  }
  return Doorbell(UniqueFd(ends[0]), UniqueFd(ends[1]));
}

void Doorbell::Ring() const {
  // A full one rings already.
  [[maybe_unused]] const ssize_t sent = send(ring_.get(), "!", 1, MSG_DONTWAIT | MSG_NOSIGNAL);
}

void Doorbell::Silence() const {
  // Not until there are none: somebody may ring without a pause.
  std::array<char, 4096> rings;  // NOLINT(cppcoreguidelines-pro-type-member-init)
  for (int i = 0; i < 8; ++i) {
    if (recv(listen_.get(), rings.data(), rings.size(), MSG_DONTWAIT) <= 0) {
      return;
    }
  }
}

}  // namespace sqlicorn
