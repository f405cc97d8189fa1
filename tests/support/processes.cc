// SPDX-License-Identifier: MIT
#include "tests/support/processes.h"

#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <system_error>
#include <tuple>

#include <fmt/format.h>

namespace sqlicorn {
namespace {

namespace fs = std::filesystem;

// "socket:[4711]" and the like, one per descriptor.
std::vector<std::string> DescriptorTargets(pid_t pid) {
  std::vector<std::string> targets;
  std::error_code error;
  for (fs::directory_iterator it(fmt::format("/proc/{}/fd", pid), error), end; !error && it != end;
       it.increment(error)) {
    std::error_code closed_meanwhile;
    targets.push_back(fs::read_symlink(it->path(), closed_meanwhile).string());
  }
  return targets;
}

// The value of one line of /proc/PID/status.
std::string StatusField(pid_t pid, const std::string& name) {
  std::ifstream file(fmt::format("/proc/{}/status", pid));
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with(name + ":")) {
      return line.substr(name.size() + 1);
    }
  }
  return "0";
}

std::string LoopbackName(int port) {
  return fmt::format("0100007F:{:04X}", port);
}

struct TcpSocket {
  std::string local;
  std::string remote;
  std::string target;  // as /proc/PID/fd shows it
};

std::vector<TcpSocket> TcpSockets() {
  std::vector<TcpSocket> sockets;
  std::ifstream file("/proc/net/tcp");
  std::string line;
  while (std::getline(file, line)) {
    std::istringstream fields(line);
    std::vector<std::string> words(10);
    for (std::string& word : words) {
      fields >> word;
    }
    sockets.push_back({words[1], words[2], "socket:[" + words[9] + "]"});
  }
  return sockets;
}

std::string TargetOfConnection(const std::string& local, const std::string& remote) {
  for (const TcpSocket& socket : TcpSockets()) {
    if (socket.local == local && socket.remote == remote) {
      return socket.target;
    }
  }
  return "";
}

}  // namespace

ProcessInfo InfoOf(pid_t pid) {
  std::ifstream file(fmt::format("/proc/{}/stat", pid));
  std::string text;
  std::getline(file, text);
  const std::size_t name_end = text.rfind(')');  // the name may contain anything
  if (name_end == std::string::npos) {
    return {};
  }
  std::istringstream fields(text.substr(name_end + 1));
  ProcessInfo info;
  info.pid = pid;
  fields >> info.state >> info.parent >> info.group;
  std::string skipped;
  for (int field = 6; field < 14; ++field) {
    fields >> skipped;
  }
  double user = 0;
  double system = 0;
  fields >> user >> system;
  for (int field = 16; field < 22; ++field) {
    fields >> skipped;
  }
  fields >> info.started;
  info.cpu = FromSeconds((user + system) / static_cast<double>(sysconf(_SC_CLK_TCK)));
  return info;
}

namespace {

constexpr std::string_view kCheckpointer = "sqlicorn: checkpointer";

std::vector<ProcessInfo> FindAll(const std::function<bool(const ProcessInfo&)>& wanted) {
  std::vector<ProcessInfo> found;
  std::error_code error;
  for (fs::directory_iterator it("/proc", error), end; !error && it != end; it.increment(error)) {
    const std::string name = it->path().filename().string();
    if (std::isdigit(static_cast<unsigned char>(name[0])) == 0) {
      continue;
    }
    const ProcessInfo info = InfoOf(std::stoi(name));
    if (info.pid != 0 && wanted(info)) {
      found.push_back(info);
    }
  }
  std::sort(found.begin(), found.end(), [](const ProcessInfo& a, const ProcessInfo& b) {
    return std::tie(a.started, a.pid) < std::tie(b.started, b.pid);
  });
  return found;
}

}  // namespace

std::vector<ProcessInfo> FindProcesses(const std::function<bool(const ProcessInfo&)>& wanted) {
  return FindAll([&](const ProcessInfo& info) {
    return info.state != 'Z' && info.state != 'X' && wanted(info);
  });
}

std::vector<pid_t> ChildrenOf(pid_t parent) {
  std::vector<pid_t> pids;
  for (const ProcessInfo& info :
       FindProcesses([parent](const ProcessInfo& p) { return p.parent == parent; })) {
    pids.push_back(info.pid);
  }
  return pids;
}

std::vector<pid_t> WorkersOf(pid_t master) {
  std::vector<pid_t> pids = ChildrenOf(master);
  std::erase_if(pids, [](pid_t pid) {
    const std::string title = TitleOf(pid);
    return title.starts_with(kCheckpointer) || title.starts_with("sqlicorn: closing");
  });
  return pids;
}

pid_t CheckpointerOf(pid_t master) {
  for (const pid_t pid : ChildrenOf(master)) {
    if (TitleOf(pid).starts_with(kCheckpointer)) {
      return pid;
    }
  }
  return 0;
}

std::size_t CountZombiesOf(pid_t parent) {
  return FindAll([parent](const ProcessInfo& p) { return p.parent == parent && p.state == 'Z'; })
      .size();
}

std::vector<pid_t> ServingWorkersOf(pid_t master) {
  std::vector<pid_t> pids = WorkersOf(master);
  std::erase_if(pids, [](pid_t pid) { return !Catches(pid, SIGTERM); });
  return pids;
}

bool Catches(pid_t pid, int signal) {
  const auto mask = std::stoull(StatusField(pid, "SigCgt"), nullptr, 16);
  return (mask >> static_cast<unsigned>(signal - 1) & 1U) != 0;
}

std::string StatusWords(pid_t pid, const std::string& name) {
  std::istringstream line(StatusField(pid, name));
  std::string words;
  for (std::string word; line >> word;) {
    words += (words.empty() ? "" : " ") + word;
  }
  return words;
}

std::string TitleOf(pid_t pid) {
  std::ifstream file(fmt::format("/proc/{}/cmdline", pid));
  std::string title;
  std::getline(file, title, '\0');
  return title;
}

std::string DirectoryOf(pid_t pid) {
  std::error_code gone;
  return fs::read_symlink(fmt::format("/proc/{}/cwd", pid), gone).string();
}

std::map<pid_t, Duration> RunDelays(const std::vector<pid_t>& pids) {
  std::map<pid_t, Duration> delays;
  for (const pid_t pid : pids) {
    std::error_code error;
    for (fs::directory_iterator it(fmt::format("/proc/{}/task", pid), error), end;
         !error && it != end; it.increment(error)) {
      std::int64_t ran_ns = 0;
      std::int64_t waited_ns = 0;
      std::ifstream(it->path() / "schedstat") >> ran_ns >> waited_ns;
      delays[std::atoi(it->path().filename().c_str())] = std::chrono::nanoseconds(waited_ns);
    }
  }
  return delays;
}

std::size_t ResidentBytes(pid_t pid) {
  return std::stoull(StatusField(pid, "VmRSS")) * 1024;
}

std::size_t PeakResidentBytes(pid_t pid) {
  return std::stoull(StatusField(pid, "VmHWM")) * 1024;
}

std::size_t CountSockets(pid_t pid) {
  const std::vector<std::string> targets = DescriptorTargets(pid);
  const std::vector<TcpSocket> sockets = TcpSockets();
  return static_cast<std::size_t>(
      std::count_if(sockets.begin(), sockets.end(), [&targets](const TcpSocket& socket) {
        return std::find(targets.begin(), targets.end(), socket.target) != targets.end();
      }));
}

std::size_t CountDescriptorsOf(pid_t pid, const std::string& path) {
  const std::vector<std::string> targets = DescriptorTargets(pid);
  return static_cast<std::size_t>(
      std::count_if(targets.begin(), targets.end(),
                    [&path](const std::string& target) { return target.starts_with(path); }));
}

pid_t OwnerOfConnection(const std::vector<pid_t>& pids, int client_port, int server_port) {
  const std::string target =
      TargetOfConnection(LoopbackName(server_port), LoopbackName(client_port));
  const auto owner = std::find_if(pids.begin(), pids.end(), [&](pid_t pid) {
    const std::vector<std::string> targets = DescriptorTargets(pid);
    return std::find(targets.begin(), targets.end(), target) != targets.end();
  });
  return owner == pids.end() ? 0 : *owner;
}

}  // namespace sqlicorn
