// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "common/http/writer.h"

namespace sqlicorn {

// What is wrong with one field of a request: "must be an integer".
struct FieldError {
  std::string field;
  std::string detail;
};

// Why a request gets no good answer, from whichever stage: for the client, so nothing of the
// machine and no SQL stands in it.
struct Problem {
  int status = 500;
  std::string_view detail = {};             // one sentence, without an end; "" = the title alone
  std::span<const FieldError> errors = {};  // of a request whose fields are wrong
  std::string_view code = {};               // of SQLite: "SQLITE_BUSY"; "" = it is not asked
  std::string_view constraint = {};         // which one refused the data; "" = none with a name
};

// Makes the reply of it, RFC 9457's problem details or what else the client's Accept header
// prefers: text or a page. The only function that writes an answer of this kind. Replaces status,
// body and content type; headers stay.
void WriteProblem(const Problem& problem, std::string_view accept, Reply* reply);

}  // namespace sqlicorn
