// SPDX-License-Identifier: MIT
#include "loadgen/output_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include <fmt/format.h>

#include "common/base/unique_fd.h"

namespace sqlicorn::loadgen {

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

}  // namespace sqlicorn::loadgen
