// SPDX-License-Identifier: MIT
#include "master/process/last_words.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>

#include "common/base/starter.h"

namespace sqlicorn {

LastWords::LastWords() {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) == 0) {
    reader_ = UniqueFd(ends[0]);
    writer_ = UniqueFd(ends[1]);
    SetStarterPipe(writer_.get());
  }
}

LastWords::~LastWords() {
  SetStarterPipe(-1);
}

std::string LastWords::Take() {
  std::string all;
  std::array<char, 4096> chunk;  // NOLINT(cppcoreguidelines-pro-type-member-init)
  // No more than fits into the pipe at once: a child may write without a pause.
  constexpr std::size_t kMost = std::size_t{64} * 1024;
  ssize_t got = 0;
  while (all.size() < kMost && (got = read(reader_.get(), chunk.data(), chunk.size())) > 0) {
    all.append(chunk.data(), static_cast<std::size_t>(got));
  }
  return all.substr(0, all.find('\0'));
}

}  // namespace sqlicorn
