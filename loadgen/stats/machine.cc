// SPDX-License-Identifier: MIT
#include "loadgen/stats/machine.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "common/base/file.h"
#include "common/base/unique_fd.h"

namespace sqlicorn::loadgen {
namespace {

constexpr long kXfs = 0x58465342;  // the headers do not name these two
constexpr long kZfs = 0x2FC12FC1;

constexpr std::array<std::pair<long, const char*>, 9> kFileSystems = {{
    {EXT4_SUPER_MAGIC, "ext4"},
    {kXfs, "xfs"},
    {BTRFS_SUPER_MAGIC, "btrfs"},
    {F2FS_SUPER_MAGIC, "f2fs"},
    {kZfs, "zfs"},
    {TMPFS_MAGIC, "tmpfs"},
    {RAMFS_MAGIC, "ramfs"},
    {OVERLAYFS_SUPER_MAGIC, "overlayfs"},
    {NFS_SUPER_MAGIC, "nfs"},
}};

}  // namespace

std::uint32_t CoreCount() {
  cpu_set_t cores;
  CPU_ZERO(&cores);
  return sched_getaffinity(0, sizeof(cores), &cores) == 0
             ? static_cast<std::uint32_t>(CPU_COUNT(&cores))
             : 0;
}

double CpuSeconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

std::int64_t UnixMicroseconds() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::microseconds>(now).count();
}

std::string CpuModel() {
  const Result<std::string> text = ReadFile("/proc/cpuinfo");
  const std::size_t key = text ? text->find("model name") : std::string::npos;
  const std::size_t colon = key == std::string::npos ? key : text->find(": ", key);
  if (colon == std::string::npos) {
    return "unknown";
  }
  return text->substr(colon + 2, text->find('\n', colon) - colon - 2);
}

std::string KernelName() {
  utsname names{};
  return uname(&names) == 0 ? fmt::format("{} {} {}", names.sysname, names.release, names.machine)
                            : "unknown";
}

std::string FileSystemOf(const std::string& path) {
  struct statfs status {};

  if (statfs(path.c_str(), &status) != 0) {
    return "unknown";
  }
  for (const auto& [magic, name] : kFileSystems) {
    if (magic == status.f_type) {
      return name;
    }
  }
  return fmt::format("unknown ({:#x})", status.f_type);
}

std::optional<Duration> FlushTime(const std::string& directory) {
  constexpr std::size_t kMostTries = 15;
  constexpr Duration kMostTime = std::chrono::milliseconds(500);
  std::string name = directory + "/flush.XXXXXX";
  const UniqueFd file(mkostemp(name.data(), O_CLOEXEC));
  if (!file) {
    return std::nullopt;
  }
  unlink(name.c_str());
  const std::array<char, 4096> page{};
  std::vector<Duration> times;
  for (Duration all{}; times.size() < kMostTries && all < kMostTime; all += times.back()) {
    const bool written = write(file.get(), page.data(), page.size()) > 0;
    const TimePoint begin = Clock::now();
    if (!written || fdatasync(file.get()) != 0) {
      return std::nullopt;
    }
    times.push_back(Clock::now() - begin);
  }
  std::sort(times.begin(), times.end());
  return times[times.size() / 2];
}

bool IsVolatile(std::string_view file_system) {
  return file_system == "tmpfs" || file_system == "ramfs";
}

std::string LocalTimeText() {
  return LocalTimeText(std::time(nullptr));
}

std::string LocalTimeText(std::int64_t unix_s) {
  const std::time_t at = unix_s;
  std::tm parts{};
  std::array<char, 32> text{};
  if (localtime_r(&at, &parts) == nullptr ||
      std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S %z", &parts) == 0) {
    return "unknown";
  }
  return text.data();
}

}  // namespace sqlicorn::loadgen
