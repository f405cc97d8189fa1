// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>

namespace sqlicorn {

// Why a message was refused: the status of the answer, and one line for the log and the error page.
// Octets of the client in it are quoted and shortened, not HTML-escaped.
struct ParseError {
  int status = 400;
  std::string detail = {};
};

// What a check returns: nothing, or the reason to refuse.
using Fault = std::optional<ParseError>;

}  // namespace sqlicorn
