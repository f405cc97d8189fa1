// SPDX-License-Identifier: MIT
#include "loadgen/server/program_run.h"

#include <csignal>
#include <utility>

#include <fmt/format.h>

#include "common/base/file.h"
#include "common/base/numbers.h"

namespace sqlicorn::loadgen {

ProgramRun::ProgramRun(Loop& loop, Command command, std::function<void(const Status&)> on_end)
    : loop_(loop), command_(std::move(command)), on_end_(std::move(on_end)), limit_(loop, [this] {
        too_late_ = true;
        child_->Kill(SIGKILL);
      }) {}

Status ProgramRun::Start() {
  auto started =
      ChildProcess::Start(loop_, {command_.argv, command_.stdout_path, command_.stderr_path},
                          [this](ProcessExit exit) { OnExit(exit); });
  if (!started) {
    return started.error();
  }
  child_ = *std::move(started);
  limit_.Start(command_.limit);
  return {};
}

void ProgramRun::OnExit(ProcessExit exit) {
  limit_.Stop();
  const auto on_end = std::move(on_end_);
  if (exit.success()) {
    on_end(Status());
    return;
  }
  const std::string why =
      too_late_ ? fmt::format("no end within {}", FormatDuration(command_.limit)) : ExitText(exit);
  const std::string tail = TailOf(command_.stderr_path);
  on_end(Error{
      fmt::format("{} failed: {}{}{}", command_.argv[0], why, tail.empty() ? "" : "\n", tail)});
}

std::string ExitText(const ProcessExit& exit) {
  return exit.signal != 0 ? fmt::format("signal {}", exit.signal)
                          : fmt::format("exit status {}", exit.status);
}

std::string TailOf(const std::string& path) {
  constexpr std::size_t kLines = 20;
  const Result<std::string> read = ReadFile(path);
  std::string_view text = read ? std::string_view(*read) : std::string_view();
  while (text.ends_with('\n')) {
    text.remove_suffix(1);
  }
  std::size_t from = text.size();
  for (std::size_t i = 0; i < kLines && from != std::string_view::npos && from > 0; ++i) {
    from = text.rfind('\n', from - 1);
  }
  text = text.substr(from == std::string_view::npos || from >= text.size() ? 0 : from + 1);
  const std::size_t error = text.rfind("Error: ");
  return std::string(error == std::string_view::npos ? text : text.substr(error));
}

}  // namespace sqlicorn::loadgen
