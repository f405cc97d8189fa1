// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "common/http/message.h"

// What went wrong with a request, in the words locust has for it (repr of the Python exception its
// users would see), so that error reports can be compared line by line.
namespace sqlicorn::loadgen {

// A complete answer with a status from 400 on. `name` stands for the URL, as in locust.
[[nodiscard]] std::string HttpErrorText(const Message& answer, std::string_view name);

// SQLite's symbolic name in parentheses at the end of what the server says of a failure,
// "SQLITE_BUSY" of "database is locked (SQLITE_BUSY)"; "" when `body` has none.
[[nodiscard]] std::string_view SqliteCause(std::string_view body);

// A socket error outside an answer: "ConnectionRefusedError(111, 'Connection refused')".
[[nodiscard]] std::string SocketErrorText(int errno_value);

// Not even a socket for the connection; `reason` is ours.
[[nodiscard]] std::string NoSocketText(std::string_view reason);

// The peer closed instead of answering.
[[nodiscard]] std::string ClosedText();

// A socket error within an answer.
[[nodiscard]] std::string BrokenAnswerText(int errno_value);

// End of input within an answer; `answer` has its head, if that was complete.
[[nodiscard]] std::string TruncatedText(const Message& answer, std::uint64_t body_bytes);

// An answer that began as HTTP and does not go on as such; `reason` is the parser's.
[[nodiscard]] std::string BadAnswerText(std::string_view reason);

// More came than the answer, or something without a request.
[[nodiscard]] std::string UnaskedText();

// Given up after `limit_s`: an answer, or a connection, that did not come.
[[nodiscard]] std::string NoAnswerText(std::string_view host, std::uint16_t port, double limit_s);
[[nodiscard]] std::string NoConnectionText(std::string_view host, double limit_s);

// Octets that do not begin an answer.
[[nodiscard]] std::string NotHttpText(std::string_view received, std::string_view reason);

}  // namespace sqlicorn::loadgen
