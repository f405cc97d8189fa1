// SPDX-License-Identifier: MIT
#include "master/start/setting_checks.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <fmt/format.h>

#include "common/base/socket_address.h"
#include "common/config/bind_address.h"
#include "master/process/pidfile.h"

namespace sqlicorn {
namespace {

// What a worker has open, and the master beside it.
constexpr std::size_t kDatabase = 4;     // its file, -wal, -shm and one for a moment
constexpr std::size_t kLoop = 8;         // as Worker::Create makes sure
constexpr std::size_t kConnections = 4;  // fewer are no service
constexpr std::size_t kLastWords = 1;
constexpr std::size_t kBells = 4;    // two pipes
constexpr std::size_t kControl = 2;  // the socket, and a descriptor in reserve
constexpr std::size_t kAccessLog = 1;

std::size_t NeedOfWorker(const ServerSettings& settings) {
  return kLastWords + kDatabase + kLoop + kConnections +
         (settings.accesslog.empty() ? 0 : kAccessLog);
}

// The lowest limit that leaves room for `need` descriptors more.
rlim_t LimitFor(std::size_t need) {
  int fd = 0;
  for (; need > 0; ++fd) {
    need -= fcntl(fd, F_GETFD) < 0 ? 1 : 0;
  }
  return static_cast<rlim_t>(fd);
}

Status CheckLimit(std::size_t need) {
  rlimit limit{};
  const rlim_t enough = LimitFor(need);
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= enough) {
    return {};
  }
  return Error{
      fmt::format("a process may have {} open files (ulimit -n), and these settings need {}; "
                  "raise it: ulimit -n {}, or LimitNOFILE={} of the service",
                  limit.rlim_cur, enough, enough, enough)};
}

namespace fs = std::filesystem;

constexpr std::size_t kMaxSocketPath = sizeof(sockaddr_un{}.sun_path) - 1;

// One path of the settings, for errors about it.
struct SettingPath {
  std::string_view setting;
  std::string_view value;
  std::string path;
};

Error Unusable(const SettingPath& file, std::string_view why) {
  return Error{fmt::format("{} = '{}': {}", file.setting, file.value, why)};
}

int CanMakeFilesIn(const std::string& directory) {
  struct stat info {};

  if (stat(directory.c_str(), &info) != 0) {
    return errno;
  }
  if (!S_ISDIR(info.st_mode)) {
    return ENOTDIR;
  }
  return faccessat(AT_FDCWD, directory.c_str(), W_OK | X_OK, AT_EACCESS) == 0 ? 0 : errno;
}

Status CheckDirectory(const SettingPath& file) {
  const std::string directory = fs::path(file.path).parent_path().string();
  const int error = CanMakeFilesIn(directory);
  if (error == 0) {
    return {};
  }
  const bool absent = error == ENOENT || error == ENOTDIR;
  return Unusable(file,
                  fmt::format("cannot make it in '{}': {}; {} or choose another path", directory,
                              std::strerror(error),
                              absent ? "make that directory" : "allow this user to write there"));
}

// The kinds that the server replaces, of S_IFMT.
Status CheckKind(const SettingPath& file, mode_t kind, std::string_view name) {
  struct stat info {};

  const bool other = stat(file.path.c_str(), &info) == 0 && (info.st_mode & S_IFMT) != kind;
  return other ? Unusable(file, fmt::format("the file exists and is not a {}; remove it or choose "
                                            "another path",
                                            name))
               : Status();
}

Status CheckContent(const SettingPath& file) {
  return IsNoPidfile(file.path) ? Unusable(file,
                                           "a file that is too long to be a pid file is there; "
                                           "remove it or choose another path")
                                : Status();
}

// `reserve`: for what may follow the name.
Status CheckSocketFile(const SettingPath& file, std::size_t reserve) {
  if (file.path.size() + reserve > kMaxSocketPath) {
    return Unusable(file, fmt::format("the path has {} bytes, and a socket's may have {}; choose a "
                                      "shorter one",
                                      file.path.size(), kMaxSocketPath - reserve));
  }
  Status directory = CheckDirectory(file);
  return directory ? CheckKind(file, S_IFSOCK, "socket") : directory;
}

// One entry of bind.
struct Bind {
  std::string text;
  std::optional<SocketAddress> address;  // none of a descriptor
  int fd = -1;
};

std::string WithoutDots(const std::string& path) {
  std::error_code error;
  const fs::path canonical = fs::weakly_canonical(path, error);
  return error ? path : canonical.string();
}

Result<Bind> Judge(const std::string& text) {
  const auto parsed = ParseBindAddress(text);
  if (!parsed) {
    return parsed.error();
  }
  if (parsed->kind == BindKind::kFd) {
    return Bind{text, std::nullopt, parsed->fd};
  }
  if (parsed->kind != BindKind::kUnix) {
    auto address = SocketAddress::Ip(parsed->host, parsed->port);
    return address ? Result<Bind>(Bind{text, *address}) : address.error();
  }
  if (Status usable = CheckSocketFile({"server.bind", text, parsed->path}, 0); !usable) {
    return usable.error();
  }
  const auto address = SocketAddress::Unix(WithoutDots(parsed->path));
  return address ? Bind{text, *address} : Bind{text, std::nullopt};
}

bool Clash(const Bind& a, const Bind& b, const ServerSettings& settings) {
  if (!a.address || !b.address) {
    return a.fd >= 0 && a.fd == b.fd;
  }
  // With reuse_port an address may lie within another one.
  return Overlap(*a.address, *b.address) &&
         (!settings.reuse_port || a.address->ToString() == b.address->ToString());
}

Status CheckPidfile(const ServerSettings& settings) {
  if (settings.pidfile.empty()) {
    return {};
  }
  const SettingPath file{"server.pidfile", settings.pidfile, settings.pidfile};
  Status usable = CheckDirectory(file);
  usable = usable ? CheckKind(file, S_IFREG, "regular file") : usable;
  return usable ? CheckContent(file) : usable;
}

Status CheckControlSocket(const ServerSettings& settings) {
  const std::string& path = settings.control_socket;
  return path.empty()
             ? Status()
             : CheckSocketFile({"server.control_socket", path, path}, std::strlen(RoleSuffix(1)));
}

// All that is wrong, a line each.
Status Together(std::initializer_list<Status> checks) {
  std::string text;
  for (const Status& check : checks) {
    text += check ? "" : (text.empty() ? "" : "\n") + check.error().message;
  }
  return text.empty() ? Status() : Status(Error{text});
}

}  // namespace

Status CheckDescriptorLimit(const ServerSettings& settings) {
  return CheckLimit(settings.bind.size() + kBells +
                    (settings.control_socket.empty() ? 0 : kControl) + NeedOfWorker(settings));
}

Status CheckDescriptorsBeside(const ServerSettings& settings, std::size_t more) {
  return CheckLimit(more + NeedOfWorker(settings));
}

Status CheckServerFiles(const ServerSettings& settings) {
  return Together({CheckPidfile(settings), CheckControlSocket(settings)});
}

Status CheckBinds(const ServerSettings& settings) {
  std::vector<Bind> judged;
  for (const std::string& text : settings.bind) {
    auto bind = Judge(text);
    if (!bind) {
      return bind.error();
    }
    for (const Bind& other : judged) {
      if (Clash(other, *bind, settings)) {
        return Error{
            fmt::format("server.bind: '{}' and '{}' are the same address, or one holds "
                        "the other; leave one of them out",
                        other.text, text)};
      }
    }
    judged.push_back(*std::move(bind));
  }
  return {};
}

Status CheckStart(const ServerSettings& settings, const Inheritance& inheritance) {
  const bool binds = inheritance.from != Inheritance::From::kOutside;
  return Together({CheckServerFiles(settings), CheckDescriptorLimit(settings),
                   binds ? CheckBinds(settings) : Status()});
}

}  // namespace sqlicorn
