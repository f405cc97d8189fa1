// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/result.h"

namespace sqlicorn {

// Where a load generator connects and what it asks for.
struct Url {
  std::string address;  // an IP literal without brackets, or a name
  std::uint16_t port = 80;
  std::string authority;  // host[:port] as written: the value of Host
  std::string target;     // path and query, at least "/"
};

// "http://127.0.0.1:8000/read/?a=1". Only http, no user info, no fragment. Names are not
// resolved here.
[[nodiscard]] Result<Url> SplitUrl(std::string_view text);

enum class FormOutcome {
  kOk,
  kTooManyFields,
  kBadEscape,  // '%' without two hexadecimal digits
  kBadText,    // not UTF-8
  kNul,
};

// One sentence for the answer; "" for kOk.
[[nodiscard]] std::string_view Describe(FormOutcome outcome);

// Decodes application/x-www-form-urlencoded bodies and query strings. Reused from request to
// request: in steady state it does not allocate.
class FormDecoder {
 public:
  using Field = std::pair<std::string_view, std::string_view>;

  static constexpr std::size_t kDefaultMaxFields = 1000;

  explicit FormDecoder(std::size_t max_fields = kDefaultMaxFields) : max_fields_(max_fields) {}

  ~FormDecoder() = default;
  FormDecoder(const FormDecoder&) = delete;
  FormDecoder& operator=(const FormDecoder&) = delete;

  // Replaces fields(). Names and values are decoded copies: `encoded` may go. A part without '='
  // is a field with an empty value; empty parts are skipped. On failure fields() is empty.
  [[nodiscard]] FormOutcome Decode(std::string_view encoded);

  // Decode(), behind the fields already there: one list out of a query string and a body. Views of
  // earlier fields stay valid only until the next Decode or Append.
  [[nodiscard]] FormOutcome Append(std::string_view encoded);

  // In the order of the input, repeated names too.
  [[nodiscard]] const std::vector<Field>& fields() const { return fields_; }

 private:
  FormOutcome Fail(FormOutcome outcome);
  void MakeRoom(std::size_t bytes);

  std::size_t max_fields_;
  std::string arena_;
  std::vector<Field> fields_;
};

// Decodes %XX in a path; '+' stays '+'. Replaces *decoded; false when the path has a bad escape, is
// not UTF-8 or holds NUL.
[[nodiscard]] bool PercentDecode(std::string_view encoded, std::string* decoded);

// Appends `text` as Python's quote_plus writes it: letters, digits and "_.-~" as they are, a space
// as '+', the rest as %XX.
void AppendQuotePlus(std::string_view text, std::string* out);

}  // namespace sqlicorn
