// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace sqlicorn {

// What an endpoint answers, as plain validated data (docs/endpoints.md).

enum class Respond {
  kOk,        // "OK"
  kRows,      // all rows of the answering step
  kRow,       // its first row, as an object
  kValue,     // the first column of its first row, as it is
  kNone,      // nothing
  kRedirect,  // its first row says where to
  kResults,   // the results of several steps in one object
};

// "/issues/{id}" is {"/issues/", "id"}: text, and the name of what stands behind it, "" = nothing.
struct TemplatePart {
  std::string text;
  std::string name;
};

struct HeaderTemplate {
  std::string name;
  std::vector<TemplatePart> parts;
};

struct NamedResult {
  std::string step;
  Respond as = Respond::kRows;  // or kRow
};

// Which part of a list a request asks for, and where the next one is.
struct PageSpec {
  std::string limit;       // the field that says how many; "" = the answer has no pages
  std::int64_t max = 100;  // and no more than these
  std::string offset;      // the field that says behind how many; "" = `after` does
  std::string key;         // the column whose last value `after` gets
  std::string after;       // the field
};

enum class BigIntegers { kNumber, kString };

struct AnswerSpec {
  Respond as = Respond::kOk;
  int status = 0;     // of a good answer; 0 = what `as` has by itself
  int missing = 404;  // of kRow, kValue and kRedirect without a row
  int raise_status = 409;
  std::string content_type;         // of kValue; "" = by the value
  std::string content_type_column;  // which column has it; "" = none
  std::vector<HeaderTemplate> headers;
  std::string etag;  // "body", or the column that is it; "" = none
  std::vector<std::string> json_columns;
  BigIntegers big_integers = BigIntegers::kNumber;
  std::vector<NamedResult> results;
  PageSpec page;
};

}  // namespace sqlicorn
