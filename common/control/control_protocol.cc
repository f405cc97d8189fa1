// SPDX-License-Identifier: MIT
#include "common/control/control_protocol.h"

#include <sstream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/base/result.h"
#include "common/json/json_text.h"

namespace sqlicorn {
namespace {

using json = nlohmann::ordered_json;

constexpr std::size_t kLengthBytes = 4;

Error BadRequest(std::string_view why) {
  return Error{fmt::format("Invalid request: {}", why)};
}

// A deeply nested id would take the writer down: it is recursive.
std::string IdOf(const json& message) {
  const bool usable = message.is_object() && message.contains("id") && message["id"].is_primitive();
  return usable ? DumpControlData(message["id"]) : "null";
}

Result<std::vector<std::string>> WordsOf(const json& message) {
  if (!message.is_object()) {
    return BadRequest("not a JSON object");
  }
  const auto command = message.find("command");
  if (command == message.end() || !command->is_string()) {
    return BadRequest("\"command\" must be a string");
  }
  std::vector<std::string> words;
  std::istringstream stream(command->get<std::string>());
  for (std::string word; stream >> word;) {
    words.push_back(word);
  }
  const auto arguments = message.find("args");
  if (arguments == message.end() || arguments->is_null()) {
    return words;
  }
  if (!arguments->is_array()) {
    return BadRequest("\"args\" must be a list");
  }
  for (const json& argument : *arguments) {
    if (argument.is_string()) {
      words.push_back(argument.get<std::string>());
    } else if (argument.is_number()) {
      words.push_back(DumpControlData(argument));
    } else {
      return BadRequest("\"args\" must hold strings and numbers");
    }
  }
  return words;
}

}  // namespace

// dump throws at bytes that are no UTF-8 unless it is told to replace them.
std::string DumpControlData(const json& data) {
  return TextOf(data);
}

std::string EncodeFrame(std::string_view payload) {
  std::string frame;
  frame.reserve(kLengthBytes + payload.size());
  for (int shift = 24; shift >= 0; shift -= 8) {
    frame.push_back(static_cast<char>((payload.size() >> shift) & 0xFF));
  }
  frame += payload;
  return frame;
}

std::size_t FrameReader::PayloadLength() const {
  std::size_t length = 0;
  for (std::size_t i = 0; i < kLengthBytes; ++i) {
    length = length << 8 | static_cast<unsigned char>(buffer_[i]);
  }
  return length;
}

FrameReader::State FrameReader::state() const {
  if (buffer_.size() < kLengthBytes) {
    return State::kIncomplete;
  }
  if (PayloadLength() > max_payload_) {
    return State::kTooLong;
  }
  return buffer_.size() < kLengthBytes + PayloadLength() ? State::kIncomplete : State::kComplete;
}

std::string FrameReader::Take() {
  CHECK(state() == State::kComplete);
  const std::size_t length = PayloadLength();
  std::string payload = buffer_.substr(kLengthBytes, length);
  buffer_.erase(0, kLengthBytes + length);
  return payload;
}

ControlRequest ParseControlRequest(std::string_view payload) {
  const json message = OrderedJsonOf(payload);
  return {IdOf(message), WordsOf(message)};
}

bool IsUsageError(const Error& error) {
  return error.message.starts_with(kInvalidArgument) || error.message == kEmptyCommand;
}

std::string EncodeControlRequest(const std::vector<std::string>& words) {
  const std::string command = words.empty() ? "" : words.front();
  const std::vector<std::string> arguments(words.begin() + (words.empty() ? 0 : 1), words.end());
  return EncodeFrame(DumpControlData({{"id", 1}, {"command", command}, {"args", arguments}}));
}

std::string EncodeControlReply(std::string_view id, const ControlOutcome& outcome) {
  return EncodeFrame(outcome ? fmt::format(R"({{"id":{},"status":"ok","data":{}}})", id, *outcome)
                             : fmt::format(R"({{"id":{},"status":"error","error":{}}})", id,
                                           DumpControlData(outcome.error().message)));
}

ControlOutcome ParseControlReply(std::string_view payload) {
  const json reply = OrderedJsonOf(payload);
  const bool usable = reply.is_object() && reply.contains("status");
  if (usable && reply["status"] == "ok" && reply.contains("data")) {
    return DumpControlData(reply["data"]);
  }
  if (usable && reply["status"] == "error" && reply.contains("error") &&
      reply["error"].is_string()) {
    return Error{reply["error"].get<std::string>()};
  }
  return Error{"the answer is not one of sqlicorn's control socket"};
}

}  // namespace sqlicorn
