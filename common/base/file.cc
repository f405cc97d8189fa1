// SPDX-License-Identifier: MIT
#include "common/base/file.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <filesystem>

#include <fmt/format.h>

#include "common/base/unique_fd.h"

namespace sqlicorn {
namespace {

constexpr std::size_t kMaxFileBytes = 64U << 20U;

// How long whoever writes into a pipe that is read as a file may take over the next piece.
constexpr int kPipePatienceMs = 5000;

bool BecomesReadable(int fd) {
  pollfd wait{.fd = fd, .events = POLLIN, .revents = 0};
  return poll(&wait, 1, kPipePatienceMs) > 0;
}

bool IsFifo(int fd) {
  struct stat info {};

  return fstat(fd, &info) == 0 && S_ISFIFO(info.st_mode);
}

Status WriteAll(int fd, std::string_view content) {
  while (!content.empty()) {
    const ssize_t written = write(fd, content.data(), content.size());
    if (written < 0 && errno == EINTR) {
      continue;
    }
    if (written < 0) {
      return SystemError("write", errno);
    }
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

}  // namespace

Result<std::string> ReadFile(const std::string& path) {
  const UniqueFd fd(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!fd) {
    return SystemError(fmt::format("cannot read '{}'", path), errno);
  }
  std::string content;
  std::array<char, 65536> buffer{};
  while (true) {
    const ssize_t got = read(fd.get(), buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got < 0 && errno == EAGAIN) {
      if (!BecomesReadable(fd.get())) {
        return Error{fmt::format("cannot read '{}': it is a pipe and nothing comes", path)};
      }
      continue;
    }
    if (got < 0) {
      return SystemError(fmt::format("cannot read '{}'", path), errno);
    }
    if (got == 0 && content.empty() && IsFifo(fd.get())) {
      return Error{fmt::format("cannot read '{}': it is a pipe that nobody writes to", path)};
    }
    if (got == 0) {
      return content;
    }
    content.append(buffer.data(), static_cast<std::size_t>(got));
    if (content.size() > kMaxFileBytes) {
      return Error{fmt::format("cannot read '{}': it is larger than 64 MiB", path)};
    }
  }
}

Status WriteFile(const std::string& path, std::string_view content) {
  const std::string temporary = fmt::format("{}.tmp.{}", path, getpid());
  const std::string what = fmt::format("cannot write '{}'", path);
  // What a process of our number left, or what another user put there.
  unlink(temporary.c_str());
  UniqueFd fd(open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
  if (!fd) {
    return SystemError(what, errno);
  }
  if (const Status written = WriteAll(fd.get(), content); !written) {
    unlink(temporary.c_str());
    return written.error().In(what);
  }
  fd.Reset();
  if (rename(temporary.c_str(), path.c_str()) != 0) {
    const int rename_errno = errno;
    unlink(temporary.c_str());
    return SystemError(what, rename_errno);
  }
  return {};
}

std::string ResolvePath(const std::string& directory, const std::string& path) {
  return (std::filesystem::path(directory) / path).lexically_normal().string();
}

Status CheckWritable(const std::string& path) {
  if (path.empty()) {
    return {};
  }
  const std::string what = fmt::format("cannot write '{}'", path);
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) {
    return SystemError(what, EISDIR);
  }
  const std::string trial = fmt::format("{}.tmp.{}", path, getpid());
  const UniqueFd fd(open(trial.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644));
  if (!fd) {
    return SystemError(what, errno);
  }
  unlink(trial.c_str());
  return {};
}

}  // namespace sqlicorn
