// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "common/base/result.h"

namespace sqlicorn {

// What client and master say to each other over the control socket, as gunicorn does: frames of a
// 4-byte length (big-endian) and a JSON object. Several requests may follow each other.
//
//   {"id": 1, "command": "worker add", "args": ["2"]}
//   {"id": 1, "status": "ok", "data": {…}}   or   {"id": 1, "status": "error", "error": "text"}

constexpr std::size_t kMaxControlRequest = std::size_t{64} * 1024;
constexpr std::size_t kMaxControlReply = std::size_t{16} * 1024 * 1024;

[[nodiscard]] std::string EncodeFrame(std::string_view payload);

// Takes frames out of a stream of bytes.
class FrameReader {
 public:
  enum class State { kIncomplete, kComplete, kTooLong };

  explicit FrameReader(std::size_t max_payload) : max_payload_(max_payload) {}

  void Feed(std::string_view bytes) { buffer_ += bytes; }

  // Whether the front of the stream is a whole frame. kTooLong is final.
  [[nodiscard]] State state() const;

  // The payload of the front frame. REQUIRES: kComplete.
  [[nodiscard]] std::string Take();

 private:
  [[nodiscard]] std::size_t PayloadLength() const;

  std::size_t max_payload_;
  std::string buffer_;
};

struct ControlRequest {
  std::string id;  // JSON, for the reply; "null" where the request has none that can be given back
  // The command split at blanks, then the arguments. An error is what to answer to something that
  // is no request.
  Result<std::vector<std::string>> words;
};

[[nodiscard]] ControlRequest ParseControlRequest(std::string_view payload);

// Errors of whoever wrote the command begin with the first, or are the second; all others are a
// refusal. The words are gunicorn's.
constexpr std::string_view kInvalidArgument = "Invalid argument: ";
constexpr std::string_view kEmptyCommand = "Empty command";
[[nodiscard]] bool IsUsageError(const Error& error);

// The data of a reply, as one line of JSON, or the error text of a failed command.
using ControlOutcome = Result<std::string>;

// Both are whole frames.
[[nodiscard]] std::string EncodeControlRequest(const std::vector<std::string>& words);
[[nodiscard]] std::string EncodeControlReply(std::string_view id, const ControlOutcome& outcome);

// What a reply says, on the client's side. An error too when it is no reply at all.
[[nodiscard]] ControlOutcome ParseControlReply(std::string_view payload);

// One line of JSON; bytes that are no UTF-8 are replaced.
[[nodiscard]] std::string DumpControlData(const nlohmann::ordered_json& data);

}  // namespace sqlicorn
