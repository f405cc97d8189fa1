// SPDX-License-Identifier: MIT
// A library to preload into a server: the faults of file systems and disks that cannot be had at
// will. What goes wrong is told by environment variables.
//   SQLICORN_FAULT_LOCKS=granted   every file lock is granted, as where locks are local or off
//   SQLICORN_FAULT_LOCKS=refused   none is: ENOLCK
//   SQLICORN_FAULT_SYNC=PATH       fsync and fdatasync fail with EIO while the file PATH exists
#include <dlfcn.h>
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdarg>
#include <cstdlib>
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
  const char* flag = std::getenv("SQLICORN_FAULT_SYNC");
  if (flag != nullptr && access(flag, F_OK) == 0) {
    errno = EIO;
    return -1;
  }
  return Next<int(int)>(name)(fd);
}

}  // namespace

extern "C" {

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

int fsync(int fd) {
  return Sync("fsync", fd);
}

int fdatasync(int fd) {
  return Sync("fdatasync", fd);
}

}  // extern "C"
