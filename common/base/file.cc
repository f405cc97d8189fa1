// SPDX-License-Identifier: MIT
#include "common/base/file.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <optional>

#include <fmt/format.h>

#include "common/base/numbers.h"
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

// The number in "/dev/fd/N", "/proc/self/fd/N" and the like: a descriptor that is open already.
std::optional<int> DescriptorNamed(const std::string& path) {
  if (path == "/dev/stdout") {
    return STDOUT_FILENO;
  }
  if (path == "/dev/stderr") {
    return STDERR_FILENO;
  }
  for (const std::string_view folder : {"/dev/fd/", "/proc/self/fd/"}) {
    if (path.starts_with(folder)) {
      return ParseWhole<int>(std::string_view(path).substr(folder.size()));
    }
  }
  return std::nullopt;
}

// A file of the usual kind, or none yet: another one can take its place.
bool IsReplaceable(const std::string& path) {
  struct stat info {};

  return lstat(path.c_str(), &info) != 0 ? errno == ENOENT : S_ISREG(info.st_mode);
}

// A pipe that nobody reads yet is waited for as long as one that nobody writes to.
UniqueFd OpenToWrite(const std::string& path) {
  constexpr timespec kPause = {0, 50'000'000};
  constexpr int kTries = kPipePatienceMs / 50;
  for (int i = 0;; ++i) {
    UniqueFd fd(
        open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0644));
    if (fd) {
      fcntl(fd.get(), F_SETFL, fcntl(fd.get(), F_GETFL) & ~O_NONBLOCK);
    }
    if (fd || errno != ENXIO || i == kTries) {
      return fd;
    }
    nanosleep(&kPause, nullptr);
  }
}

// Into what has this name: a device, a pipe, or what a link points to.
Status WriteThrough(const std::string& path, std::string_view content) {
  const std::optional<int> open_already = DescriptorNamed(path);
  const UniqueFd fd =
      open_already ? UniqueFd(fcntl(*open_already, F_DUPFD_CLOEXEC, 0)) : OpenToWrite(path);
  return fd ? WriteAll(fd.get(), content) : SystemError("open", errno);
}

// A reader sees the old content or the new one.
Status Replace(const std::string& path, std::string_view content) {
  const std::string temporary = fmt::format("{}.tmp.{}", path, getpid());
  // What a process of our number left, or what another user put there.
  unlink(temporary.c_str());
  UniqueFd fd(open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
  if (!fd) {
    return SystemError("open", errno);
  }
  Status written = WriteAll(fd.get(), content);
  if (close(fd.Release()) != 0 && written.ok()) {
    written = SystemError("close", errno);  // some file systems find out here that they are full
  }
  if (written.ok() && rename(temporary.c_str(), path.c_str()) != 0) {
    written = SystemError("rename", errno);
  }
  if (!written) {
    unlink(temporary.c_str());
  }
  return written;
}

Status CheckThrough(const std::string& path) {
  const std::string what = fmt::format("cannot write '{}'", path);
  if (const std::optional<int> open_already = DescriptorNamed(path)) {
    const int mode = fcntl(*open_already, F_GETFL);
    if (mode < 0 || (mode & O_ACCMODE) == O_RDONLY) {
      return SystemError(what, EBADF);
    }
    return {};
  }
  if (access(path.c_str(), W_OK) == 0) {
    return {};
  }
  const int why = errno;
  std::error_code ignored;
  const std::filesystem::path target = std::filesystem::read_symlink(path, ignored);
  // A link to what is not there yet.
  return why == ENOENT && !target.empty()
             ? CheckWritable(std::filesystem::path(path).parent_path() / target)
             : SystemError(what, why);
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
  const bool replaceable = !DescriptorNamed(path) && IsReplaceable(path);
  const Status written = replaceable ? Replace(path, content) : WriteThrough(path, content);
  return written ? Status() : written.error().In(fmt::format("cannot write '{}'", path));
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
  if (DescriptorNamed(path) || !IsReplaceable(path)) {
    return CheckThrough(path);
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
