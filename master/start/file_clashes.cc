// SPDX-License-Identifier: MIT
#include "master/start/file_clashes.h"

#include <sys/stat.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "common/config/bind_address.h"

namespace sqlicorn {
namespace {

namespace fs = std::filesystem;

// Files of one group may be the same: both logs, or a schema file that is listed twice. Binds are
// compared with each other by CheckBinds.
enum class Group { kConfig, kSchema, kDatabase, kPidfile, kLog, kControl, kBind };

struct NamedFile {
  Group group;
  std::string setting;
  std::string value;
  std::string path;  // without links, as far as it exists
};

class FileList {
 public:
  void Add(Group group, std::string setting, const std::string& path) {
    if (path.empty() || path == "-") {
      return;
    }
    files_.push_back({group, std::move(setting), path, WithoutLinks(path)});
  }

  void AddDatabase(const std::string& path) {
    Add(Group::kDatabase, "database.path", path);
    // SQLite keeps them beside the file that a link leads to.
    for (const char* suffix : {"-wal", "-shm", "-journal"}) {
      Add(Group::kDatabase, fmt::format("the '{}' file of database.path", suffix),
          WithoutLinks(path) + suffix);
    }
  }

  [[nodiscard]] Status Check() const {
    for (std::size_t later = 1; later < files_.size(); ++later) {
      for (std::size_t i = 0; i < later; ++i) {
        if (files_[i].group != files_[later].group && IsSame(files_[i], files_[later])) {
          return Clash(files_[i], files_[later]);
        }
      }
    }
    return {};
  }

 private:
  static std::string WithoutLinks(const std::string& path) {
    std::error_code error;
    const fs::path canonical = fs::weakly_canonical(path, error);
    return error ? fs::path(path).lexically_normal().string() : canonical.string();
  }

  static bool IsSame(const NamedFile& a, const NamedFile& b) {
    struct stat of_a {};

    struct stat of_b {};

    if (stat(a.path.c_str(), &of_a) != 0 || stat(b.path.c_str(), &of_b) != 0) {
      return a.path == b.path;
    }
    const bool keeps_content = S_ISREG(of_a.st_mode) || S_ISSOCK(of_a.st_mode);
    return keeps_content && of_a.st_dev == of_b.st_dev && of_a.st_ino == of_b.st_ino;
  }

  static Error Clash(const NamedFile& first, const NamedFile& second) {
    return Error{fmt::format("{} = '{}' is the same file as {} ('{}'); choose another path",
                             second.setting, second.value, first.setting, first.value)};
  }

  std::vector<NamedFile> files_;
};

}  // namespace

Status CheckFileClashes(const ServerConfig& config) {
  const ServerSettings& server = config.server;
  FileList files;
  files.Add(Group::kConfig, "the configuration file", config.file);
  for (const std::string& path : config.database.schema) {
    files.Add(Group::kSchema, "database.schema", path);
  }
  files.AddDatabase(config.database.path);
  files.Add(Group::kPidfile, "server.pidfile", server.pidfile);
  files.Add(Group::kLog, "server.errorlog", server.errorlog);
  files.Add(Group::kLog, "server.accesslog", server.accesslog);
  files.Add(Group::kControl, "server.control_socket", server.control_socket);
  for (const std::string& bind : server.bind) {
    const auto address = ParseBindAddress(bind);
    if (address && address->kind == BindKind::kUnix) {
      files.Add(Group::kBind, "server.bind", address->path);
    }
  }
  return files.Check();
}

}  // namespace sqlicorn
