// SPDX-License-Identifier: MIT
#include "loadgen/server/server_probe.h"

#include <utility>

namespace sqlicorn::loadgen {
namespace {

constexpr Duration kPause = std::chrono::milliseconds(10);
constexpr std::string_view kRequest =
    "GET /sqlicorn-loadgen-probe HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
constexpr std::string_view kAnswer = "HTTP/1.";

}  // namespace

ServerProbe::ServerProbe(Loop& loop, SocketAddress address, std::function<void()> on_answer)
    : loop_(loop),
      address_(address),
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
  stream_->Write(kRequest);
}

void ServerProbe::OnData(std::string_view data) {
  answer_ += data;
  if (answer_.starts_with(kAnswer)) {
    stream_.reset();
    const auto on_answer = std::move(on_answer_);
    on_answer();
  }
}

void ServerProbe::OnReadEnd(int) {
  TryLater();
}

}  // namespace sqlicorn::loadgen
