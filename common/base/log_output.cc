// SPDX-License-Identifier: MIT
#include "common/base/log_output.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <utility>

#include <climits>
#include <fmt/format.h>

#include "common/base/file_place.h"

namespace sqlicorn {
namespace {

constexpr int kFlags = O_WRONLY | O_APPEND | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;

// As many whole lines as a pipe takes in one piece, or the beginning of a longer line.
std::string_view FirstPiece(std::string_view lines) {
  const std::string_view piece = lines.substr(0, PIPE_BUF);
  const std::size_t end = piece.size() < lines.size() ? piece.rfind('\n') : std::string_view::npos;
  return end == std::string_view::npos ? piece : piece.substr(0, end + 1);
}

bool HasRoom(int fd) {
  pollfd ask{fd, POLLOUT, 0};
  return poll(&ask, 1, 0) == 1;
}

std::size_t CountLines(std::string_view lines) {
  return static_cast<std::size_t>(std::count(lines.begin(), lines.end(), '\n'));
}

}  // namespace

Result<LogOutput> LogOutput::Open(const std::string& path, int standard_fd) {
  LogOutput output(standard_fd);
  if (path == "-") {
    output.OpenAnew();
    return output;
  }
  output.path_ = path;
  if (const Status opened = output.Reopen(); !opened) {
    return opened.error();
  }
  return output;
}

LogOutput::Kind LogOutput::KindOf(int fd) {
  struct stat info {};

  if (fstat(fd, &info) != 0 || S_ISREG(info.st_mode)) {
    return Kind::kFile;
  }
  return S_ISSOCK(info.st_mode) ? Kind::kSocket : Kind::kSharedPipe;
}

void LogOutput::OpenAnew() {
  if (kind_ != Kind::kSharedPipe) {
    return;
  }
  UniqueFd mine(open(fmt::format("/proc/self/fd/{}", fd_).c_str(), kFlags));
  if (mine) {
    own_ = std::move(mine);
    fd_ = own_.get();
    kind_ = Kind::kOwnPipe;
  }
}

Status LogOutput::Reopen() {
  if (standard()) {
    return {};
  }
  UniqueFd file = OpenAtPlace(path_, kFlags | O_CREAT, 0644);
  if (!file) {
    return Error{fmt::format("'{}': {}", path_, PlaceErrorText(errno))};
  }
  own_ = std::move(file);
  fd_ = own_.get();
  kind_ = KindOf(fd_) == Kind::kSharedPipe ? Kind::kOwnPipe : KindOf(fd_);
  rest_.clear();
  return {};
}

bool LogOutput::Moved() const {
  struct stat opened {};

  struct stat named {};

  if (standard() || fstat(fd_, &opened) != 0) {
    return false;
  }
  return stat(path_.c_str(), &named) != 0 || named.st_ino != opened.st_ino ||
         named.st_dev != opened.st_dev;
}

std::size_t LogOutput::Write(std::string_view lines) {
  if (!rest_.empty()) {
    rest_.erase(0, TryWrite(rest_));
    if (!rest_.empty()) {
      return CountLines(lines);
    }
  }
  const std::size_t taken = TryWrite(lines);
  std::string_view left = lines.substr(taken);
  if (taken > 0 && !left.empty() && lines[taken - 1] != '\n') {
    rest_ = left.substr(0, left.find('\n') + 1);
    left.remove_prefix(rest_.size());
  }
  return CountLines(left);
}

std::size_t LogOutput::TryWrite(std::string_view bytes) const {
  std::size_t done = 0;
  while (done < bytes.size()) {
    const std::string_view left = bytes.substr(done);
    const bool whole = kind_ == Kind::kFile || kind_ == Kind::kSocket;
    const long written = WriteOnce(whole ? left : FirstPiece(left));
    if (written > 0) {
      done += static_cast<std::size_t>(written);
    } else if (written == 0 || errno != EINTR) {
      break;
    }
  }
  return done;
}

long LogOutput::WriteOnce(std::string_view bytes) const {
  if (kind_ == Kind::kSocket) {
    return send(fd_, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  }
  if (kind_ == Kind::kSharedPipe && !HasRoom(fd_)) {
    errno = EAGAIN;
    return -1;
  }
  return write(fd_, bytes.data(), bytes.size());
}

bool LeadsToJournal(int fd) {
  const char* const stream = std::getenv("JOURNAL_STREAM");

  struct stat info {};

  return stream != nullptr && fstat(fd, &info) == 0 &&
         fmt::format("{}:{}", info.st_dev, info.st_ino) == stream;
}

}  // namespace sqlicorn
