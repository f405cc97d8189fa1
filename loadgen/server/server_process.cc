// SPDX-License-Identifier: MIT
#include "loadgen/server/server_process.h"

#include <sys/socket.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

#include <fmt/format.h>

#include "common/base/numbers.h"
#include "common/base/unique_fd.h"
#include "loadgen/server/program_run.h"

namespace sqlicorn::loadgen {
namespace {

constexpr Duration kPause = std::chrono::milliseconds(10);
constexpr std::string_view kNoEndpoint = "/sqlicorn-loadgen-probe";
constexpr std::string_view kAnswer = "HTTP/1.";
constexpr std::size_t kStatusAt = 9;  // in "HTTP/1.1 200"

}  // namespace

ServerProcess::ServerProcess(Loop& loop, Command command, ServerObserver* observer)
    : loop_(loop),
      command_(std::move(command)),
      observer_(observer),
      limit_(loop, [this] { OnLimit(); }) {}

Status ServerProcess::Start() {
  const Result<SocketAddress> address = SocketAddress::Ip("127.0.0.1", command_.port);
  if (!address) {
    return address.error();
  }
  auto started = ChildProcess::Start(
      loop_, {command_.argv, command_.log_path, command_.log_path, command_.kill_signal},
      [this](ProcessExit exit) { OnExit(exit); });
  if (!started) {
    return started.error();
  }
  child_ = *std::move(started);
  probe_ =
      std::make_unique<ServerProbe>(loop_, *address, command_.ready_target, [this] { OnAnswer(); });
  probe_->Start();
  limit_.Start(command_.start_limit);
  return {};
}

void ServerProcess::Stop() {
  if (state_ == State::kStopping) {
    return;
  }
  state_ = State::kStopping;
  probe_.reset();
  child_->Kill(SIGTERM);
  limit_.Start(command_.stop_limit);
}

void ServerProcess::OnAnswer() {
  state_ = State::kServing;
  limit_.Stop();
  observer_->OnServerReady();
}

void ServerProcess::OnLimit() {
  why_ = state_ == State::kStarting
             ? fmt::format("it did not answer within {}", FormatDuration(command_.start_limit))
             : fmt::format("it did not stop within {} of SIG{}",
                           FormatDuration(command_.stop_limit), sigabbrev_np(command_.stop_signal));
  probe_.reset();
  child_->Kill(command_.kill_signal);
}

void ServerProcess::OnExit(ProcessExit exit) {
  const bool asked = state_ == State::kStopping;
  state_ = State::kEnded;
  limit_.Stop();
  probe_.reset();
  const bool by_signal = command_.may_end_by_signal && exit.signal == command_.stop_signal;
  if (asked && (exit.success() || by_signal)) {
    observer_->OnServerEnded(Status());
    return;
  }
  const std::string what = why_.empty() ? "it ended with " + ExitText(exit) : why_;
  const std::string tail = TailOf(command_.log_path);
  observer_->OnServerEnded(
      Error{fmt::format("the server failed: {}{}{}", what, tail.empty() ? "" : "\n", tail)});
}

Result<std::uint16_t> FreePort() {
  const Result<SocketAddress> any = SocketAddress::Ip("127.0.0.1", 0);
  if (!any) {
    return any.error();
  }
  const UniqueFd fd(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!fd || bind(fd.get(), any->raw(), any->length()) != 0) {
    return SystemError("cannot find a free port", errno);
  }
  return SocketAddress::LocalOf(fd.get()).port();
}

ServerProbe::ServerProbe(Loop& loop, SocketAddress address, const std::string& target,
                         std::function<void()> on_answer)
    : loop_(loop),
      address_(address),
      request_(fmt::format("GET {} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
                           target.empty() ? kNoEndpoint : std::string_view(target))),
      any_status_(target.empty()),
      on_answer_(std::move(on_answer)),
      pause_(loop, [this] { Try(); }) {}

void ServerProbe::Try() {
  answer_.clear();
  auto connecting = Stream::Connect(loop_, address_, this);
  if (!connecting) {
    pause_.Start(kPause);
    return;
  }
  stream_ = *std::move(connecting);
}

void ServerProbe::TryLater() {
  stream_.reset();
  pause_.Start(kPause);
}

void ServerProbe::OnConnected(int errno_value) {
  if (errno_value != 0) {
    TryLater();
    return;
  }
  stream_->StartReading();
  stream_->Write(request_);
}

void ServerProbe::OnData(std::string_view data) {
  answer_ += data;
  if (!answer_.starts_with(kAnswer) || answer_.size() <= kStatusAt) {
    return;
  }
  if (!any_status_ && answer_[kStatusAt] >= '4') {
    TryLater();
  } else {
    stream_.reset();
    const auto on_answer = std::move(on_answer_);
    on_answer();
  }
}

void ServerProbe::OnReadEnd(int) {
  TryLater();
}

}  // namespace sqlicorn::loadgen
