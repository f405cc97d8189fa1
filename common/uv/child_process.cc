// SPDX-License-Identifier: MIT
#include "common/uv/child_process.h"

#include <fcntl.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <utility>

#include <uv.h>

#include "common/base/unique_fd.h"
#include "common/uv/loop.h"

namespace sqlicorn {
namespace {

Result<UniqueFd> OpenOutput(const std::string& path, int inherited) {
  if (path.empty()) {
    return UniqueFd(fcntl(inherited, F_DUPFD_CLOEXEC, 3));
  }
  UniqueFd fd(open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644));
  if (!fd) {
    return SystemError("cannot open '" + path + "'", errno);
  }
  return fd;
}

}  // namespace

Result<std::unique_ptr<ChildProcess>> ChildProcess::Start(
    Loop& loop, const Command& command, std::function<void(ProcessExit)> on_exit) {
  auto out = OpenOutput(command.stdout_path, 1);
  if (!out) {
    return out.error();
  }
  auto err = OpenOutput(command.stderr_path, 2);
  if (!err) {
    return err.error();
  }
  std::vector<char*> argv;
  for (const std::string& argument : command.argv) {
    argv.push_back(const_cast<char*>(argument.c_str()));
  }
  argv.push_back(nullptr);
  std::array<uv_stdio_container_t, 3> stdio{};
  stdio[0].flags = UV_IGNORE;
  stdio[1].flags = UV_INHERIT_FD;
  stdio[1].data.fd = out->get();
  stdio[2].flags = UV_INHERIT_FD;
  stdio[2].data.fd = err->get();
  uv_process_options_t options{};
  options.file = argv[0];
  options.args = argv.data();
  options.stdio = stdio.data();
  options.stdio_count = static_cast<int>(stdio.size());
  options.exit_cb = [](uv_process_t* process, std::int64_t status, int signal) noexcept {
    if (process->data == nullptr) {
      return;
    }
    auto* self = static_cast<ChildProcess*>(process->data);
    self->running_ = false;
    const auto callback = std::move(self->on_exit_);
    callback({static_cast<int>(status), signal});
  };

  std::unique_ptr<ChildProcess> child(new ChildProcess);
  int error = 0;
  child->process_ = MakeHandle<uv_process_t>(
      child.get(), [&](uv_process_t* process) { error = uv_spawn(loop.raw(), process, &options); });
  if (error != 0) {
    return SystemError("cannot start '" + command.argv[0] + "'", -error);
  }
  child->on_exit_ = std::move(on_exit);
  child->last_signal_ = command.last_signal;
  child->running_ = true;
  return child;
}

ChildProcess::~ChildProcess() {
  if (running_) {
    Kill(last_signal_);
  }
}

pid_t ChildProcess::pid() const {
  return uv_process_get_pid(process_.get());
}

void ChildProcess::Kill(int signal) {
  if (running_) {
    uv_process_kill(process_.get(), signal);
  }
}

bool SignalProcess(pid_t pid, int signal) {
  return uv_kill(pid, signal) == 0;
}

}  // namespace sqlicorn
