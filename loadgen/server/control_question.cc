// SPDX-License-Identifier: MIT
#include "loadgen/server/control_question.h"

#include <cstddef>
#include <cstdint>
#include <utility>

#include <fmt/format.h>

namespace sqlicorn::loadgen {
namespace {

constexpr Duration kLimit = std::chrono::seconds(5);
constexpr std::size_t kLengthBytes = 4;  // big-endian, before each JSON object
constexpr std::size_t kMaxReply = std::size_t{16} * 1024 * 1024;

std::string Frame(const std::string& payload) {
  std::string frame;
  for (unsigned shift = 32; shift > 0; shift -= 8) {
    frame += static_cast<char>(payload.size() >> (shift - 8) & 0xffU);
  }
  return frame + payload;
}

std::size_t PayloadLength(std::string_view frame) {
  std::size_t length = 0;
  for (const char byte : frame.substr(0, kLengthBytes)) {
    length = length << 8U | static_cast<std::uint8_t>(byte);
  }
  return length;
}

}  // namespace

ControlQuestion::ControlQuestion(Loop& loop, const SocketAddress& socket,
                                 const std::string& command,
                                 std::function<void(const Result<std::string>&)> on_end)
    : loop_(loop),
      socket_(socket),
      request_(Frame(fmt::format(R"({{"id":1,"command":"{}","args":[]}})", command))),
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
  answer_ += data;
  if (answer_.size() < kLengthBytes) {
    return;
  }
  const std::size_t length = PayloadLength(answer_);
  if (length > kMaxReply) {
    End(Error{"the answer is not one of a control socket"});
  } else if (answer_.size() >= kLengthBytes + length) {
    End(answer_.substr(kLengthBytes, length));
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
