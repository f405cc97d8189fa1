// SPDX-License-Identifier: MIT
#include "loadgen/server/control_question.h"

#include <utility>

namespace sqlicorn::loadgen {
namespace {

constexpr Duration kLimit = std::chrono::seconds(5);

}  // namespace

ControlQuestion::ControlQuestion(Loop& loop, const SocketAddress& socket,
                                 const std::string& command,
                                 std::function<void(const Result<std::string>&)> on_end)
    : loop_(loop),
      socket_(socket),
      request_(EncodeControlRequest({command})),
      on_end_(std::move(on_end)),
      limit_(loop, [this] { End(Error{"no answer from the control socket"}); }) {}

void ControlQuestion::Start() {
  limit_.Start(kLimit);
  auto connecting = Stream::Connect(loop_, socket_, this);
  if (connecting) {
    stream_ = *std::move(connecting);
  }  // else the limit tells: not before this returns
}

void ControlQuestion::OnConnected(int errno_value) {
  if (errno_value != 0) {
    End(SystemError("cannot connect to the control socket", errno_value));
    return;
  }
  stream_->StartReading();
  stream_->Write(request_);
}

void ControlQuestion::OnData(std::string_view data) {
  reply_.Feed(data);
  switch (reply_.state()) {
    case FrameReader::State::kIncomplete:
      break;
    case FrameReader::State::kComplete:
      End(reply_.Take());
      break;
    case FrameReader::State::kTooLong:
      End(Error{"the answer is not one of a control socket"});
      break;
  }
}

void ControlQuestion::OnReadEnd(int) {
  End(Error{"the control socket was closed without an answer"});
}

void ControlQuestion::End(const Result<std::string>& reply) {
  limit_.Stop();
  stream_.reset();
  const auto on_end = std::move(on_end_);
  on_end(reply);
}

}  // namespace sqlicorn::loadgen
