// SPDX-License-Identifier: MIT
#include "master/control/control_session.h"

#include <sys/socket.h>

#include <array>
#include <cerrno>

#include <fmt/format.h>

namespace sqlicorn {
namespace {

bool IsTemporary(int errno_value) {
  return errno_value == EAGAIN || errno_value == EINTR;
}

}  // namespace

void ControlSession::AddTo(EventWait& wait) const {
  if (output_.empty()) {
    wait.ForInput(socket_.get());
  } else {
    wait.ForOutput(socket_.get());
  }
}

TimePoint ControlSession::next_deadline() const {
  const bool has_work = output_.empty() && input_.state() != FrameReader::State::kIncomplete;
  return has_work ? active_at_ : expires_at();
}

void ControlSession::Serve(TimePoint now, const ControlAnswer& answer) {
  if (output_.empty() && input_.state() == FrameReader::State::kIncomplete) {
    Read(now);
  }
  if (!finished_ && output_.empty()) {
    AnswerOne(answer);
  }
  if (!finished_ && !output_.empty()) {
    Write(now);
  }
  finished_ = finished_ || now >= expires_at();
}

void ControlSession::Read(TimePoint now) {
  std::array<char, 16384> chunk;  // NOLINT(cppcoreguidelines-pro-type-member-init)
  const ssize_t got = recv(socket_.get(), chunk.data(), chunk.size(), 0);
  if (got > 0) {
    input_.Feed({chunk.data(), static_cast<std::size_t>(got)});
    active_at_ = now;
  } else {
    finished_ = got == 0 || !IsTemporary(errno);
  }
}

void ControlSession::AnswerOne(const ControlAnswer& answer) {
  switch (input_.state()) {
    case FrameReader::State::kIncomplete:
      break;
    case FrameReader::State::kComplete:
      output_ = answer(input_.Take());
      break;
    case FrameReader::State::kTooLong:
      output_ = EncodeControlReply(
          "null", Error{fmt::format("Invalid request: longer than {} bytes", kMaxControlRequest)});
      last_reply_ = true;
      break;
  }
}

void ControlSession::Write(TimePoint now) {
  const ssize_t sent = send(socket_.get(), output_.data(), output_.size(), MSG_NOSIGNAL);
  if (sent > 0) {
    output_.erase(0, static_cast<std::size_t>(sent));
    active_at_ = now;
    finished_ = output_.empty() && last_reply_;
  } else {
    finished_ = !IsTemporary(errno);
  }
}

}  // namespace sqlicorn
