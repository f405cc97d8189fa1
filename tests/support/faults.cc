// SPDX-License-Identifier: MIT
// A library to preload into a server: the faults of file systems, disks and clocks that cannot be
// had at will. What goes wrong is told by environment variables.
//   SQLICORN_FAULT_LOCKS=granted   every file lock is granted, as where locks are local or off
//   SQLICORN_FAULT_LOCKS=refused   none is: ENOLCK
//   SQLICORN_FAULT_EVENTFD=refused no eventfd is to be had: EMFILE
//   SQLICORN_FAULT_CLOCK=PATH      the wall clock is off by the seconds that the file PATH says
//   SQLICORN_FAULT_WAITS=skipped   no wait for a signal takes time: the monotonic clock jumps
//   SQLICORN_FAULT_SYNC=PATH       fsync and fdatasync fail with EIO while the file PATH exists
//   SQLICORN_FAULT_ABORT=PATH      they abort the process, and remove the file PATH
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdarg>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <string_view>

namespace {

template <typename Function>
Function* Next(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

bool IsLock(int command) {
  return command == F_SETLK || command == F_SETLKW;
}

int Control(const char* name, int fd, int command, void* argument) {
  const char* fault = std::getenv("SQLICORN_FAULT_LOCKS");
  if (fault != nullptr && IsLock(command)) {
    const bool granted = fault == std::string_view("granted");
    errno = granted ? 0 : ENOLCK;
    return granted ? 0 : -1;
  }
  return Next<int(int, int, ...)>(name)(fd, command, argument);
}

int Sync(const char* name, int fd) {
  const char* failure = std::getenv("SQLICORN_FAULT_ABORT");
  if (failure != nullptr && unlink(failure) == 0) {
    std::abort();
  }
  const char* flag = std::getenv("SQLICORN_FAULT_SYNC");
  if (flag != nullptr && access(flag, F_OK) == 0) {
    errno = EIO;
    return -1;
  }
  return Next<int(int)>(name)(fd);
}

// Zero when there is no such file.
long ClockOffset() {
  const char* path = std::getenv("SQLICORN_FAULT_CLOCK");
  const int fd = path == nullptr ? -1 : open(path, O_RDONLY | O_CLOEXEC);
  std::array<char, 32> text{};
  if (fd < 0) {
    return 0;
  }
  const ssize_t got = read(fd, text.data(), text.size() - 1);
  close(fd);
  return got > 0 ? std::strtol(text.data(), nullptr, 10) : 0;
}

constexpr std::int64_t kNsPerSecond = 1'000'000'000;

std::atomic<std::int64_t> skipped_ns{0};

}  // namespace

extern "C" {

int sigtimedwait(const sigset_t* set, siginfo_t* info, const timespec* timeout) {
  const auto next = Next<int(const sigset_t*, siginfo_t*, const timespec*)>("sigtimedwait");
  if (std::getenv("SQLICORN_FAULT_WAITS") == nullptr) {
    return next(set, info, timeout);
  }
  const timespec none{};
  const int signal = next(set, info, &none);
  if (signal < 0) {
    skipped_ns += timeout->tv_sec * kNsPerSecond + timeout->tv_nsec;
  }
  return signal;
}

int clock_gettime(clockid_t clock, timespec* now) noexcept {
  const int result = static_cast<int>(syscall(SYS_clock_gettime, clock, now));
  if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) {
    const int before = errno;
    now->tv_sec += ClockOffset();
    errno = before;
  }
  if (result == 0 && clock == CLOCK_MONOTONIC) {
    const std::int64_t ns = now->tv_nsec + skipped_ns;
    now->tv_sec += ns / kNsPerSecond;
    now->tv_nsec = ns % kNsPerSecond;
  }
  return result;
}

time_t time(time_t* now) noexcept {
  timespec precise{};
  clock_gettime(CLOCK_REALTIME, &precise);
  if (now != nullptr) {
    *now = precise.tv_sec;
  }
  return precise.tv_sec;
}

int gettimeofday(timeval* now, void* /*zone*/) noexcept {
  timespec precise{};
  clock_gettime(CLOCK_REALTIME, &precise);
  *now = {.tv_sec = precise.tv_sec, .tv_usec = precise.tv_nsec / 1000};
  return 0;
}

int fcntl(int fd, int command, ...) {
  va_list arguments;
  va_start(arguments, command);
  void* argument = va_arg(arguments, void*);
  va_end(arguments);
  return Control("fcntl", fd, command, argument);
}

int fcntl64(int fd, int command, ...) {
  va_list arguments;
  va_start(arguments, command);
  void* argument = va_arg(arguments, void*);
  va_end(arguments);
  return Control("fcntl64", fd, command, argument);
}

int eventfd(unsigned count, int flags) {
  if (std::getenv("SQLICORN_FAULT_EVENTFD") != nullptr) {
    errno = EMFILE;
    return -1;
  }
  return Next<int(unsigned, int)>("eventfd")(count, flags);
}

int fsync(int fd) {
  return Sync("fsync", fd);
}

int fdatasync(int fd) {
  return Sync("fdatasync", fd);
}

}  // extern "C"
